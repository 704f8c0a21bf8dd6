"""One main repair order an outage (主单): the fault orders below it become its children.

The crew travels through that order's process; every caller is still called back through their own order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.identity import queries as people
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.outages.labels import DEVICE_KIND, label
from app.outages.models import Outage, TroubleCall
from app.workorders.models import CLOSED, WorkOrder
from app.workorders.operations import Report, accept, merging
from app.workorders.operations.allowed import NotAllowedNow, require_allowed
from app.workorders.operations.merging import CannotMerge
from app.workorders.operations.process import NotNow

FAULT = "fault_repair"
REPAIRED = frozenset({"RESTORED", "REPLIED"})
"""States of an order whose repair is done: it ends by itself and can bring no crew any more."""


def begin(outage: Outage, *, actor: Actor, now: datetime) -> None:
    """Give the outage its main repair order: the earliest fault order below it, else one that the system accepts."""
    orders = orders_below(outage)
    main = _present(outage) or next((order for order in orders if _may_lead(order)), None)
    if main is None:
        main = _accepted(outage, now=now)
    outage.main_order_id = main.id
    session.flush()
    for order in orders:
        if order.id != main.id:
            merge(order, outage, actor=actor, now=now)


def gather(outage: Outage, *, actor: Actor, now: datetime) -> None:
    """Let all orders below the outage follow its main one, those that led another outage with their children."""
    for order in orders_below(outage):
        for child in merging.children_of(order) if order.id != outage.main_order_id else ():
            _detach(child, outage.number, actor=actor, now=now)
            merge(child, outage, actor=actor, now=now)
        merge(order, outage, actor=actor, now=now)


def orders_below(outage: Outage) -> Sequence[WorkOrder]:
    """The open fault orders of the outage's calls, the earliest report first."""
    below = sa.select(TroubleCall.order_id).where(TroubleCall.outage_id == outage.id, TroubleCall.order_id.is_not(None))
    query = (
        sa.select(WorkOrder)
        .where(WorkOrder.id.in_(below), WorkOrder.category == FAULT, WorkOrder.status.not_in(CLOSED))
        .order_by(WorkOrder.reported_at, WorkOrder.id)
    )
    return session.scalars(query).all()


def follow(call: TroubleCall, outage: Outage, *, actor: Actor, now: datetime) -> str:
    """Make the call's order a child of the main one, if there is one; returns why it could not be."""
    order = session.get(WorkOrder, call.order_id) if call.order_id is not None else None
    if order is None or outage.main_order_id is None or order.status in CLOSED:
        return ""
    return merge(order, outage, actor=actor, now=now)


def merge(order: WorkOrder, outage: Outage, *, actor: Actor, now: datetime) -> str:
    """Attach an order below the outage's main one; returns why it could not be, empty where it was.

    An order that has gone its own way too far (its repair is done) stays by itself, and is told of on the page.
    """
    main = session.get_one(WorkOrder, outage.main_order_id)
    if main.id in {order.id, order.main_order_id}:
        return ""
    try:
        require_allowed(order, "merge", now=now)
        merging.check_pair(order, main)
        with session.begin_nested():
            merging.attach(order, main, _cause(outage), actor=actor, now=now)
    except (CannotMerge, NotAllowedNow, NotNow) as refusal:
        return refusal.code
    return ""


def leave(call: TroubleCall, outage: Outage, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take the call's order off the main one: it goes on by itself. A main order is followed by another."""
    order = session.get(WorkOrder, call.order_id) if call.order_id is not None else None
    if order is None or outage.main_order_id is None or order.status in CLOSED:
        return
    if order.id == outage.main_order_id:
        hand_on(outage, order, reason, actor=actor, now=now)
    elif order.main_order_id == outage.main_order_id:
        _detach(order, reason, actor=actor, now=now)


def hand_on(outage: Outage, main: WorkOrder, reason: str, *, actor: Actor, now: datetime) -> None:
    """The main order leaves the outage: the earliest of its children leads, or one that the system accepts."""
    children = merging.children_of(main)
    for child in children:
        _detach(child, reason, actor=actor, now=now)
    others = [order for order in orders_below(outage) if order.id != main.id]
    heir = next((order for order in others if _may_lead(order)), None)
    outage.main_order_id = (heir or _accepted(outage, now=now)).id
    session.flush()
    for order in others:
        if order.id != outage.main_order_id:
            merge(order, outage, actor=actor, now=now)


def _detach(child: WorkOrder, reason: str, *, actor: Actor, now: datetime) -> None:
    """Undo a merge; an order whose main one has been reviewed meanwhile follows that to its end."""
    try:
        with session.begin_nested():
            merging.detach(child, reason, actor=actor, now=now)
    except NotNow:
        return


def _present(outage: Outage) -> WorkOrder | None:
    order = session.get(WorkOrder, outage.main_order_id) if outage.main_order_id is not None else None
    return order if order is not None and order.status not in CLOSED else None


def _may_lead(order: WorkOrder) -> bool:
    return order.main_order_id is None and order.status not in merging.LATE | REPAIRED


def _accepted(outage: Outage, *, now: datetime) -> WorkOrder:
    """An order for an outage that nobody reported by an order: meters, a switch, the web."""
    unit = people.unit_by_code(outage.unit_code, at=now)
    where = " ".join(part for part in (outage.feeder_name, outage.device_name or outage.zone) if part)
    report = Report(
        unit=unit.code if unit else outage.unit_code,
        address=(where or outage.number)[:300],
        description=f"停电事件 {outage.number}：{where}，停电 {outage.customers_out} 户（系统生成）",
        external_no=outage.number,
        channel="other",
        sub_type="high_voltage" if outage.device_kind not in LOW_VOLTAGE else "low_voltage",
        line=outage.feeder_name[:80],
        transformer_area=outage.device_name[:80] if outage.device_kind == "distribution_transformer" else "",
        fault_at=min(outage.started_at, now),
        reported_at=min(outage.started_at, now),
        hazard=outage.hazard or "none",
    )
    accepted = accept(report, actor=SYSTEM, now=now)
    return session.get_one(WorkOrder, accepted.id)


LOW_VOLTAGE = ("distribution_transformer", "lv_branch", "meter_box", "")
"""Kinds of devices whose repair is one of low voltage."""


def _cause(outage: Outage) -> str:
    """Why the orders are of one fault, as the time-line of each shows it: the outage's number and device."""
    kind = label(DEVICE_KIND, outage.device_kind) if outage.device_kind else ""
    return " ".join(part for part in (outage.number, outage.device_name, kind) if part)
