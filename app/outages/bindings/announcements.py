"""What the line and other flows ask about outages: announcements for an area or customer, and storm mode."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, validate

from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.registry import registry
from app.outages.queries import public
from app.outages.queries.public import PublicOutage
from app.outages.queries.storms import running_of, storms

MOST = 3
"""Announcements that a caller listens to at once; `count` says how many there are."""


class AnnouncementInputs(Schema):
    """For a customer (`account_no` or `customer_id`), else for a unit; none of them: everywhere."""

    account_no = fields.String(load_default="", validate=validate.Length(max=32))
    customer_id = fields.Integer(load_default=None, allow_none=True)
    unit = fields.String(load_default="", validate=validate.Length(max=40))
    area = fields.String(load_default="", validate=validate.Length(max=300))


class Announcement(Schema):
    number = fields.String()
    kind = fields.String()
    coming = fields.Boolean()
    begins_at = fields.String()
    ends_at = fields.String()
    etr_at = fields.String()
    text = fields.String()
    text_en = fields.String()


class Announcements(Schema):
    """`state` is `out`, `coming` or `none`; the first `items` are to be read."""

    state = fields.String()
    count = fields.Integer()
    etr_at = fields.String()
    text = fields.String()
    text_en = fields.String()
    items = fields.List(fields.Nested(Announcement))


class StormAnswer(Schema):
    """`active` is the flag of the line's greeting."""

    active = fields.Boolean()
    number = fields.String()
    name = fields.String()
    greeting = fields.String()
    greeting_en = fields.String()
    began_at = fields.String()


@registry.lookup(
    "outages.announcements",
    title="停电公告",
    title_en="Announcements of outages",
    inputs=AnnouncementInputs,
    outputs=Announcements,
)
def announcements(
    *,
    now: datetime,
    actor: Actor,
    account_no: str = "",
    customer_id: int | None = None,
    unit: str = "",
    area: str = "",
) -> Mapping[str, Any]:
    """Current and coming outages of a customer, an address, a unit or everywhere."""
    found = _found(account_no, customer_id, unit, area, now)
    state = "out" if any(not one.coming for one in found) else "coming" if found else "none"
    first = found[:MOST]
    etr = next((one.etr_at for one in found if one.etr_at and one.etr_at > now), None)
    return {
        "state": state,
        "count": len(found),
        "etr_at": etr.isoformat() if etr else "",
        "text": "".join(one.text for one in first),
        "text_en": " ".join(one.text_en for one in first),
        "items": [_item(one) for one in first],
    }


@registry.lookup(
    "outages.storm",
    title="大面积停电公告",
    title_en="Storm greeting",
    inputs=Schema.from_dict({"unit": fields.String(load_default="", validate=validate.Length(max=40))}),
    outputs=StormAnswer,
)
def storm_now(*, now: datetime, actor: Actor, unit: str = "") -> Mapping[str, Any]:
    """Whether storm mode holds for a unit (none named: anywhere), and what the line greets with."""
    paths = [found.path] if unit and (found := people.unit_by_code(unit, at=now)) else None
    holding = [running_of(path) for path in paths] if paths else _anywhere()
    active = next((one for one in holding if one is not None and one.state == "active"), None)
    if active is None:
        return {"active": False, "number": "", "name": "", "greeting": "", "greeting_en": "", "began_at": ""}
    return {
        "active": True,
        "number": active.number,
        "name": active.name,
        "greeting": active.greeting,
        "greeting_en": active.greeting_en,
        "began_at": active.began_at.isoformat() if active.began_at else "",
    }


def _anywhere() -> list[Any]:
    return [one for one in storms(["/"], limit=20) if one.state == "active"]


def _found(account_no: str, customer_id: int | None, unit: str, area: str, now: datetime) -> list[PublicOutage]:
    if customer_id is not None:
        answer = public.of_customers([customer_id], now=now)
        return [*answer.out, *answer.coming]
    if account_no:
        answer = public.of_account(account_no, now=now)
        return [*answer.out, *answer.coming]
    if area:
        answer = public.of_address(area, now=now)
        return [*answer.out, *answer.coming]
    place = people.unit_by_code(unit, at=now) if unit else None
    if unit and place is None:
        return []
    shown = public.public_outages([place.path] if place else ["/"], now=now)
    return [one for one in shown if not one.back]


def _item(one: PublicOutage) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "coming": one.coming,
        "begins_at": one.begins_at.isoformat(),
        "ends_at": one.ends_at.isoformat() if one.ends_at else "",
        "etr_at": one.etr_at.isoformat() if one.etr_at else "",
        "text": one.text,
        "text_en": one.text_en,
    }
