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
    known = _known(caller)
    if known.outage_id is not None:
        outage = session.get_one(Outage, known.outage_id)
        code = "known" if outage.nature == "unplanned" else "planned"
        return Screened(code, {"outage": outage.number}, outage)
    alive = known.said == "ping_alive" and known.said_at >= at - thresholds.minutes("ping_fresh")
    seen = at if meter_alive else known.said_at
    if meter_alive or (alive and meter_alive is not False):
        return Screened("meter_alive", {"at": seen.isoformat()})
    if not caller.transformer and not caller.zone:
        return Screened("no_place")
    return Screened("passed")


def _known(caller: Caller) -> Any:
    """`outage_id`: an outage that is not a mere prediction, in which the customer, their transformer or (where
    they have none) their zone is out; not the outage of another single customer there.

    `said`, `said_at`: the last signal of the customer's meter.
    """
    given = {
        "customer": caller.customer_id,
        "transformer": caller.transformer or None,
        "zone": None if caller.transformer else caller.zone or None,
    }
    return session.execute(_KNOWN, given).one()


def _asks_known() -> Any:
    customer = sa.bindparam("customer", type_=sa.Integer)
    transformer = sa.bindparam("transformer", type_=sa.String)
    of_customer = sa.select(OutageCustomer.outage_id).where(
        OutageCustomer.customer_id == customer, OutageCustomer.active
    )
    of_device = sa.select(OutageDevice.outage_id).where(OutageDevice.device_code == transformer, OutageDevice.active)
    of_zone = sa.select(Outage.id).where(
        Outage.zone == sa.bindparam("zone", type_=sa.String),
        Outage.feeder_code == "",
        Outage.kind.endswith("_device"),
        Outage.status.in_(OUT),
    )
    outage = (
        sa.select(Outage.id)
        .where(
            Outage.id.in_(sa.union_all(of_customer, of_device, of_zone)),
            Outage.status.in_(OUT),
            sa.or_(Outage.locked, Outage.nature != "unplanned"),
        )
        .order_by(Outage.id)
        .limit(1)
    )
    said, said_at = (
        sa.select(column)
        .where(MeterSignal.customer_id == customer)
        .order_by(MeterSignal.at.desc(), MeterSignal.id.desc())
        .limit(1)
        .scalar_subquery()
        for column in (MeterSignal.kind, MeterSignal.at)
    )
    return sa.select(outage.scalar_subquery().label("outage_id"), said.label("said"), said_at.label("said_at"))


_KNOWN = _asks_known()
