"""Fault orders become trouble calls: by a job right after the order's commit, so that location never delays an order.

A failure of location is a job that tries again and is shown to operators in the end; the order stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog

from app.kernel import jobs
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.outages import hooks
from app.outages.models import OVER, Outage, TroubleCall
from app.outages.operations import attaching, nesting, regroup, repair, repaired, reporting, thresholds, trace
from app.outages.operations.trouble import Trouble, report
from app.workorders.hooks import Happened
from app.workorders.models import CLOSED, Callback, WorkOrder
from app.workorders.queries.codes import code

log = structlog.get_logger(__name__)

JOB = "outages.order"
FAULT = "fault_repair"
CALLBACK_RESULT = "callback_result"
REPAIRED = frozenset({"restored", "archived"})
FOLLOWED = frozenset({"accepted", "cancelled", "recategorised", "merged", "changed", "reopened", *REPAIRED})
SOURCE = {"ivr": "ivr", "web": "web", "app": "web"}
"""The source of a call by its order's channel; every other one is an agent's order."""


def follow(happened: Happened, _actor: Actor, now: datetime) -> None:
    """A follower of `workorders.hooks`: notes for after the commit that this order is to be looked at."""
    if happened.kind not in FOLLOWED or (happened.category != FAULT and happened.kind != "recategorised"):
        return
    payload = {"order_id": happened.order_id, "kind": happened.kind}
    jobs.enqueue(JOB, payload, now=now)


def look_at(payload: Mapping[str, Any], now: datetime) -> None:
    """The job: make the order's call what the order is now. Doing it again changes nothing."""
    order = session.get(WorkOrder, payload["order_id"])
    if order is None or is_ours(order):
        return
    if not thresholds.known():
        log.warning("outages are not located: the table of thresholds is not deployed", table=thresholds.DECISION)
        return
    call = call_of(order.id)
    reports = order.category == FAULT and reporting.without_supply(order, now=now)
    if payload["kind"] in REPAIRED:
        repaired.note(order, call, now=now)
    elif order.status in CLOSED or not reports:
        if call is not None and order.status != "ARCHIVED" and call.state != "closed":
            withdraw(call, order, now=now)
            if order.status not in CLOSED:  # it may be put right again, and is a new report then
                call.order_id, call.key = None, f"{call.key}:{call.id}"
    elif call is None:
        _report(order, now=now)
    elif payload["kind"] == "reopened":
        _still_out(order, call, now=now)
    else:
        _follow_main(order, call, now=now)
        _moved(order, call, now=now)


def is_ours(order: WorkOrder) -> bool:
    """Whether the system accepted this order for an outage: it reports nothing new."""
    query = sa.select(Outage.id).where(Outage.number == order.external_no)
    return bool(order.external_no) and session.scalar(query.limit(1)) is not None


def call_of(order_id: int) -> TroubleCall | None:
    """The order's trouble call."""
    return session.scalar(
        sa.select(TroubleCall).where(TroubleCall.order_id == order_id).order_by(TroubleCall.id.desc()).limit(1)
    )


def withdraw(call: TroubleCall, order: WorkOrder, *, now: datetime) -> None:
    """The order is over without a repair: its call explains nothing any more."""
    outage = session.get(Outage, call.outage_id) if call.outage_id is not None else None
    if call.state == "closed":
        return
    call.state, call.closed_at = "closed", now
    session.flush()
    if outage is None or outage.status in OVER:
        return
    outage.calls = max(0, outage.calls - (0 if call.suspect else 1))
    if outage.main_order_id == order.id:
        repair.begin(outage, actor=SYSTEM, now=now)
    trace.event(outage, "call_withdrawn", actor=SYSTEM, now=now, params={"order": order.number})
    hooks.emit("changed", outage, actor=SYSTEM, now=now)
    if not outage.locked:
        _again(call, now=now)


def _report(order: WorkOrder, *, now: datetime) -> None:
    report(
        Trouble(
            source=SOURCE.get(order.channel, "order"),
            key=f"order:{order.id}:{order.round}",
            account_no=order.account_no,
            phone=order.contact_phone,
            address=order.address,
            order_id=order.id,
            order_number=order.number,
            reported_at=order.reported_at,
            unit_code=order.unit_code,
            unit_path=order.unit_path,
        ),
        actor=SYSTEM,
        now=now,
    )


def _follow_main(order: WorkOrder, call: TroubleCall, *, now: datetime) -> None:
    """A dispatcher merged this order below another: the call belongs where that one's does."""
    if order.main_order_id is None:
        return
    outage = session.scalar(
        sa.select(Outage).where(Outage.main_order_id == order.main_order_id, Outage.status.not_in(OVER)).limit(1)
    )
    if outage is None:
        main = call_of(order.main_order_id)
        outage = session.get(Outage, main.outage_id) if main is not None and main.outage_id is not None else None
    if outage is None or outage.status in OVER or call.outage_id == outage.id:
        return
    source = session.get(Outage, call.outage_id) if call.outage_id is not None else None
    if source is not None:
        source.calls = max(0, source.calls - (0 if call.suspect else 1))
    attaching.attach(call, outage, actor=SYSTEM, now=now, by="hand")
    if source is not None and not source.locked:
        _again(call, now=now)


def _still_out(order: WorkOrder, call: TroubleCall, *, now: datetime) -> None:
    """Called back, the customer is still out: a nested outage, and this order opened again is its repair.

    Where the outage's own verification has asked already, the order follows the nested outage's main one. A
    customer who has supply and was only not content concerns their order alone.
    """
    if call.outage_id is None or call.customer_id is None or not _said_still_out(order):
        return
    outage = session.get_one(Outage, call.outage_id)
    try:
        nesting.still_out(outage.number, call.customer_id, note=order.number, actor=SYSTEM, now=now)
    except nesting.NotOfThisOutage:
        log.info("an order opened again stays where it is", order=order.number, outage=outage.number)
    session.flush()
    repair.follow(call, session.get_one(Outage, call.outage_id), actor=SYSTEM, now=now)


def _said_still_out(order: WorkOrder) -> bool:
    """Whether the callback that opened the order again said that there is no supply yet."""
    result = session.scalar(
        sa.select(Callback.result)
        .where(Callback.order_id == order.id, Callback.round == order.round - 1)
        .order_by(Callback.attempt.desc())
        .limit(1)
    )
    known = code(CALLBACK_RESULT, result) if result else None
    return known is not None and known.facts.get("outcome") == "still_out"


def _moved(order: WorkOrder, call: TroubleCall, *, now: datetime) -> None:
    """The order's account or address is another one now: the call is taken anew."""
    same = call.account_no == order.account_no or not order.account_no
    if (same and call.address == order.address) or call.placed_by == "hand":
        return
    feeder, zone = call.feeder_code, call.zone
    source = session.get(Outage, call.outage_id) if call.outage_id is not None else None
    if source is not None and source.locked:
        repair.leave(call, source, order.number, actor=SYSTEM, now=now)
        source.calls = max(0, source.calls - 1)
    call.state, call.closed_at, call.order_id, call.key = "closed", now, None, f"{call.key}:{call.id}"
    session.flush()
    regroup.feeder(feeder, actor=SYSTEM, now=now) if feeder else regroup.zone(zone, actor=SYSTEM, now=now)
    _report(order, now=now)


def _again(call: TroubleCall, *, now: datetime) -> None:
    if call.feeder_code:
        regroup.feeder(call.feeder_code, actor=SYSTEM, now=now)
    else:
        regroup.zone(call.zone, actor=SYSTEM, now=now)
