"""A single report that came without an order (meter, web, another system): in time the system accepts one for it.

One customer's outage has no process of its own; its fault order carries it. A report that no order brought waits
a while for others to join it, as the decision table `outage_lone` says, and is then repaired like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.customers.queries.find import by_number
from app.engine import api as engine
from app.identity import queries as people
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.network import grid as network
from app.outages import hooks
from app.outages.models import OVER, Outage, TroubleCall
from app.outages.operations import locks, trace
from app.outages.operations.deployed import is_deployed
from app.workorders.operations import Report, accept

DECISION = "outage_lone"
CHANNEL = {"web": "web", "ivr": "ivr"}
"""The channel of the order by the call's source; every other one is `other`."""

MOST = 200
"""Outages of one sweep: the next one goes on."""


def waiting(now: datetime) -> Sequence[int]:
    """Outages of one caller that nobody carries and that have waited long enough."""
    if not is_deployed(DECISION, "dmn"):
        return []
    other = aliased(TroubleCall)
    ordered = sa.select(other.id).where(
        other.outage_id == Outage.id, other.state == "attached", other.order_id.is_not(None)
    )
    first = (
        sa.select(Outage.id, Outage.storm_id, TroubleCall.source, sa.func.min(TroubleCall.received_at).label("at"))
        .join(TroubleCall, sa.and_(TroubleCall.outage_id == Outage.id, TroubleCall.state == "attached"))
        .where(*_uncarried(), TroubleCall.suspect.is_(False), ~ordered.exists())
        .group_by(Outage.id, Outage.storm_id, TroubleCall.source)
        .order_by(Outage.id)
        .limit(MOST)
    )
    rows = session.execute(first).all()
    due = {
        (source, storm): _after(source, storm, now)
        for source, storm in {(row.source, row.storm_id is not None) for row in rows}
    }
    return sorted({row.id for row in rows if row.at <= due[row.source, row.storm_id is not None]})


def accept_order(outage_id: int, *, now: datetime) -> str | None:
    """Accept the order, once; returns its number, None where somebody carries the outage by now."""
    outage = session.get(Outage, outage_id)
    if outage is None:
        return None
    locks.hold(outage, network.current(now))
    calls = session.scalars(
        sa.select(TroubleCall)
        .where(TroubleCall.outage_id == outage.id, TroubleCall.state == "attached", TroubleCall.suspect.is_(False))
        .order_by(TroubleCall.reported_at, TroubleCall.id)
    ).all()
    if outage.status in OVER or outage.instance_id is not None or outage.main_order_id is not None:
        return None
    if not calls or any(call.order_id is not None for call in calls):
        return None
    first = calls[0]
    order = accept(_report(first, outage, now), actor=SYSTEM, now=now)
    for call in calls:
        call.order_id, call.order_number = order.id, order.number
    trace.event(outage, "order_accepted", actor=SYSTEM, now=now, params={"order": order.number})
    session.flush()
    hooks.emit("changed", outage, actor=SYSTEM, now=now)
    return order.number


def _report(call: TroubleCall, outage: Outage, now: datetime) -> Report:
    unit = people.unit_by_code(outage.unit_code or call.unit_code, at=now)
    account = by_number(call.account_no) if call.account_no else None
    where = call.address or (account.address if account else "") or outage.zone or outage.device_name
    began = min(call.reported_at, now)
    return Report(
        unit=unit.code if unit else outage.unit_code,
        address=(where or outage.number)[:300],
        description=f"停电事件 {outage.number}：{SAID.get(call.source, SAID['api'])}（系统生成）",
        phone=call.phone,
        account_no=call.account_no,
        external_no=call.key[:60],
        channel=CHANNEL.get(call.source, "other"),
        sub_type="low_voltage",
        symptom="one_household",
        fault_at=began,
        reported_at=began,
    )


SAID = {"meter": "电表上报停电", "web": "网上报修", "ivr": "语音报修", "api": "外部系统报停电"}
"""How the report came, by the call's source."""


def _uncarried() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Outage.nature == "unplanned",
        Outage.status.in_(["predicted", "confirmed"]),
        Outage.kind.in_(["probable_service", "confirmed_service"]),
        Outage.instance_id.is_(None),
        Outage.main_order_id.is_(None),
    )


def _after(source: str, storm: bool, now: datetime) -> datetime:
    """Reports of this source received until then have waited long enough."""
    decided = engine.decide(DECISION, {"source": source, "storm": storm}, now=now, record=False)
    return now - (engine.due_instant(decided.result, now) - now)
