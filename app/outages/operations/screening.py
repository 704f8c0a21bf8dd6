"""Screening (筛查): what is answered before anybody looks for a failed device. In this order:

cut off for arrears, under a planned or an active outage, a meter that has power.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.outages.location import Thresholds
from app.outages.models import OUT, MeterSignal, Outage, OutageCustomer, OutageDevice
from app.outages.operations.callers import Caller

ALIVE = ("ping_alive", "restored")


@dataclass(frozen=True, slots=True)
class Screened:
    """`code` is a word of `outages.labels.SCREENING`; `outage` the one the call belongs to, if it is known."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    outage: Outage | None = None


def screen(caller: Caller, *, meter_alive: bool | None, at: datetime, thresholds: Thresholds) -> Screened:
    """Judge one report made at `at`. `passed` means: look for the failed device."""
    if caller.cut_off:
        return Screened("cut_off")
    outage = _known_outage(caller)
    if outage is not None:
        code = "known" if outage.nature == "unplanned" else "planned"
        return Screened(code, {"outage": outage.number}, outage)
    seen = at if meter_alive else _alive_since(caller, at, thresholds)
    if seen is not None and meter_alive is not False:
        return Screened("meter_alive", {"at": seen.isoformat()})
    if not caller.transformer and not caller.zone:
        return Screened("no_place")
    return Screened("passed")


def _known_outage(caller: Caller) -> Outage | None:
    """An outage that is not a mere prediction, in which the customer or their transformer is out."""
    of_customer = sa.select(OutageCustomer.outage_id).where(
        OutageCustomer.customer_id == caller.customer_id, OutageCustomer.active
    )
    of_device = sa.select(OutageDevice.outage_id).where(
        OutageDevice.device_code == caller.transformer, OutageDevice.active
    )
    asked = [of_customer] if caller.customer_id is not None else []
    asked += [of_device] if caller.transformer else []
    if not asked:
        return None
    query = sa.select(Outage).where(
        Outage.id.in_(sa.union_all(*asked)) if len(asked) > 1 else Outage.id.in_(asked[0]),
        Outage.status.in_(OUT),
        sa.or_(Outage.locked, Outage.nature != "unplanned"),
    )
    return session.scalars(query.order_by(Outage.id)).first()


def _alive_since(caller: Caller, at: datetime, thresholds: Thresholds) -> datetime | None:
    """When the customer's meter last told that it has power, if that was just before the call."""
    if caller.customer_id is None:
        return None
    query = (
        sa.select(MeterSignal.kind, MeterSignal.at)
        .where(MeterSignal.customer_id == caller.customer_id, MeterSignal.at >= at - thresholds.minutes("ping_fresh"))
        .order_by(MeterSignal.at.desc(), MeterSignal.id.desc())
        .limit(1)
    )
    last = session.execute(query).first()
    return last.at if last is not None and last.kind == "ping_alive" else None
