"""The look-ups behind the nodes `hours` and `notice`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields

from app.kernel.actor import Actor
from app.kernel.registry import registry
from app.telephony.queries import switches


class NameSchema(Schema):
    """Which one."""

    name = fields.String(required=True)


class HoursSchema(Schema):
    """`open`, `closed` or `holiday`."""

    state = fields.String()


class NoticesSchema(Schema):
    """What to say, as `[{text, text_en}]`, and whether the ordinary service ends."""

    notices = fields.List(fields.Dict())
    shut = fields.Boolean()


@registry.lookup("telephony.hours", title="服务时间", title_en="Opening hours", inputs=NameSchema, outputs=HoursSchema)
def hours(*, name: str, now: datetime, actor: Actor) -> dict[str, Any]:
    """Whether it is open."""
    return {"state": switches.hours_state(name, now=now)}


@registry.lookup("telephony.notices", title="公告", title_en="Notices", inputs=NameSchema, outputs=NoticesSchema)
def notices(*, name: str, now: datetime, actor: Actor) -> dict[str, Any]:
    """What is to be told to everybody now."""
    found = switches.active_notice(name, now=now)
    if found is None:
        return {"notices": [], "shut": False}
    return {"notices": [{"text": found.text, "text_en": found.text_en}], "shut": found.shut}
