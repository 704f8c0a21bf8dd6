"""What a planned outage would do and what stands against it: seen before it is asked for, and kept when it is.

Clashes are other outages at the same time over the same customers (also where one cuts off the source of the
other), important customers, and customers who would be stopped too often (table `outage_plan_terms`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.customers.models import Customer
from app.engine import api as engine
from app.kernel import settings
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.keyaccounts.models import KeyAccount
from app.network import grid
from app.outages.models import OVER, Outage, OutageCustomer, OutageDevice, OutagePlan

PLANNED = ("planned", "temporary", "orderly")
CHUNK = 5_000
MOST = 50
"""Important customers and clashes that are named; the counts are whole."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Another outage that meets this one.

    `how`: same device, upstream (it cuts our source), downstream, overlap, under_way (out now).
    """

    number: str
    device: str
    begins_at: str
    ends_at: str
    how: str
    transformers: int


@dataclass(frozen=True, slots=True)
class Important:
    """An important customer below the devices."""

    number: str
    name: str
    importance: str
    account: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """All of it; times are ISO 8601. `repeated` customers would have at least `repeat_limit` stops in the months."""

    customers: int
    transformers: int
    important: int
    important_level: str
    important_named: list[Important] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    repeated: int = 0
    repeat_months: int = 0
    repeat_limit: int = 0
    notice_hours: float = 0
    notice_in_time: bool = True
    too_long: bool = False

    def plain(self) -> dict[str, Any]:
        """Plain values, to be kept."""
        return asdict(self)


LEVELS = ("special", "first", "second", "temporary")
"""Grades of importance, the highest first."""


def terms_of(nature: str, *, now: datetime, record: bool = False) -> Mapping[str, Any]:
    """The row of `outage_plan_terms` for a nature under the ruleset in force."""
    inputs = {"nature": nature, "ruleset": settings.current().ruleset}
    return dict(engine.decide("outage_plan_terms", inputs, now=now, record=record).result)


def judge(
    devices: Sequence[str],
    *,
    begins_at: datetime,
    ends_at: datetime,
    nature: str,
    but: int = 0,
    ids: Sequence[int],
    now: datetime,
) -> Judgement:
    """Judge an outage of these devices over these customers (`recipients.below`); `but` leaves one outage out."""
    terms = terms_of(nature, now=now)
    important = _important(ids)
    level = next((one for one in LEVELS if any(each.importance == one for each in important)), "none")
    hours = float(terms["notice_hours"])
    if nature == "temporary" and not important:
        hours = min(hours, float(terms["important_hours"]))
    transformers = _transformers(devices, now)
    return Judgement(
        customers=len(ids),
        transformers=len(transformers),
        important=len(important),
        important_level=level,
        important_named=important[:MOST],
        clashes=_clashes(
            devices,
            transformers,
            span=(begins_at, ends_at),
            around=timedelta(hours=float(terms["clash_hours"])),
            but=but,
            now=now,
        ),
        repeated=_repeated(ids, terms, begins_at, but),
        repeat_months=int(terms["repeat_months"]),
        repeat_limit=int(terms["repeat_limit"]),
        notice_hours=hours,
        notice_in_time=begins_at - now >= timedelta(hours=hours),
        too_long=ends_at - begins_at > timedelta(hours=float(terms["most_hours"])),
    )


def _transformers(devices: Sequence[str], now: datetime) -> set[str]:
    seen = grid.current(now)
    found: set[str] = set()
    for code in devices:
        if seen.has(code):
            found.update(seen.transformers_under(code) or seen.low_under(code))
            if seen.info(code).kind == "distribution_transformer":
                found.add(code)
    return found


def _important(ids: Sequence[int]) -> list[Important]:
    found: list[Important] = []
    for place in range(0, len(ids), CHUNK):
        rows = session.execute(
            sa.select(Customer.number, Customer.name, Customer.importance, KeyAccount.id)
            .outerjoin(KeyAccount, sa.and_(KeyAccount.customer_id == Customer.id, KeyAccount.active))
            .where(
                Customer.id.in_(ids[place : place + CHUNK]),
                sa.or_(Customer.importance != "none", KeyAccount.id.is_not(None)),
            )
        )
        found += [
            Important(number, name, importance, account is not None) for number, name, importance, account in rows
        ]
    order = {level: place for place, level in enumerate(LEVELS)}
    return sorted(found, key=lambda one: (order.get(one.importance, len(LEVELS)), one.number))


def _clashes(
    devices: Sequence[str],
    transformers: set[str],
    *,
    span: tuple[datetime, datetime],
    around: timedelta,
    but: int,
    now: datetime,
) -> list[Clash]:
    begins_at, ends_at = span
    others = session.execute(
        sa.select(Outage, OutagePlan.devices)
        .join(OutagePlan, OutagePlan.outage_id == Outage.id)
        .where(
            Outage.status.not_in(OVER),
            Outage.id != but,
            Outage.planned_from < ends_at + around,
            Outage.planned_to > begins_at - around,
        )
        .order_by(Outage.planned_from)
    ).all()
    found = []
    for other, its_devices in others:
        codes = [device["code"] for device in its_devices]
        below = _transformers(codes, now)
        shared = transformers & below
        if shared or set(codes) & set(devices):
            found.append(_clash(other, _how(set(devices), set(codes), transformers, below), len(shared)))
    return (found + _under_way(transformers, but, begins_at - around, now))[:MOST]


def _how(ours: set[str], theirs: set[str], transformers: set[str], below: set[str]) -> str:
    if ours & theirs:
        return "same"
    if transformers < below:
        return "upstream"
    return "downstream" if below < transformers else "overlap"


def _under_way(transformers: set[str], but: int, begins_at: datetime, now: datetime) -> list[Clash]:
    """Outages that hold some of these transformers now and may do so still when the plan begins.

    One whose supply is expected back before is none; one without an estimate, or over it, may last for today.
    """
    if not transformers:
        return []
    today = begins_at.astimezone(LOCAL).date() <= now.astimezone(LOCAL).date()
    rows = session.execute(
        sa.select(Outage, sa.func.count())
        .join(OutageDevice, OutageDevice.outage_id == Outage.id)
        .where(
            OutageDevice.active,
            OutageDevice.device_code.in_(sorted(transformers)[:CHUNK]),
            Outage.id != but,
            Outage.planned_from.is_(None),
            sa.true() if today else Outage.etr_at > begins_at,
        )
        .group_by(Outage.id)
        .limit(MOST)
    )
    return [_clash(outage, "under_way", n) for outage, n in rows]


def _clash(outage: Outage, how: str, transformers: int) -> Clash:
    begins = outage.planned_from or outage.started_at
    ends = outage.planned_to or outage.etr_at
    return Clash(
        outage.number,
        outage.device_name or outage.device_code,
        begins.isoformat(),
        ends.isoformat() if ends else "",
        how,
        transformers,
    )


def _repeated(ids: Sequence[int], terms: Mapping[str, Any], begins_at: datetime, but: int) -> int:
    """How many of these customers would have too many planned stops within the months."""
    limit, months = int(terms["repeat_limit"]), int(terms["repeat_months"])
    if limit < 2:
        return len(ids)
    since = begins_at - timedelta(days=30.44 * months)
    too_many = 0
    for place in range(0, len(ids), CHUNK):
        stops = (
            sa.select(OutageCustomer.customer_id)
            .join(Outage, Outage.id == OutageCustomer.outage_id)
            .where(
                OutageCustomer.customer_id.in_(ids[place : place + CHUNK]),
                OutageCustomer.out_at >= since,
                OutageCustomer.out_at < begins_at,
                Outage.nature.in_(PLANNED),
                Outage.id != but,
            )
            .group_by(OutageCustomer.customer_id)
            .having(sa.func.count(OutageCustomer.outage_id.distinct()) >= limit - 1)
        )
        too_many += session.scalar(sa.select(sa.func.count()).select_from(stops.subquery())) or 0
    return too_many
