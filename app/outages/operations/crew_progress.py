"""The crew moves (班组进展): the outage follows its main repair order, which its `repair_dispatch` carries."""

from __future__ import annotations

from datetime import datetime

from app.kernel.actor import Actor
from app.kernel.db import session
from app.outages import hooks
from app.outages.models import Outage
from app.outages.operations import etr, restoring, trace
from app.workorders.hooks import Happened
from app.workorders.models import WorkOrder

STATES = {
    "dispatched": "assigned",
    "taken": "assigned",
    "left": "en_route",
    "arrived": "on_site",
    "returned": "confirmed",
}
"""What an event of the order makes of the outage."""

KINDS = frozenset({*STATES, "surveyed", "etr", "restored"})
FOLLOWING = frozenset({"confirmed", "assigned", "en_route", "on_site", "partially_restored"})
"""States of an outage that follow the crew; a partly restored one stays so."""


STANDS = {
    "DISPATCHED": "assigned",
    "ACCEPTED": "assigned",
    "EN_ROUTE": "en_route",
    "ARRIVED": "on_site",
    "SURVEYED": "on_site",
    "REPAIRING": "on_site",
}
"""What the main order's own state makes of an outage whose order it has just become."""


def catch_up(outage: Outage, *, actor: Actor, now: datetime) -> str:
    """A crew may be under way already with the order that leads the outage now: take over how far it is.

    Returns the state, empty where nobody is; the process is not told yet.
    """
    order = session.get(WorkOrder, outage.main_order_id) if outage.main_order_id else None
    state = STANDS.get(order.status, "") if order is not None else ""
    if order is None or not state or outage.status not in FOLLOWING:
        return ""
    if order.fault_cause and outage.cause in {"", "unknown"}:
        outage.cause = order.fault_cause
    if order.etr_at is not None and order.etr_at > now and outage.etr_at is None:
        etr.take_over(outage, order.etr_at, source="crew", by=actor.ref, now=now)
    _stands(outage, state, order.crew_id, order.number, actor=actor, now=now)
    return state


def note(outage: Outage, happened: Happened, *, actor: Actor, now: datetime) -> None:
    """What happened to the main order, for the outage."""
    if outage.status not in FOLLOWING:
        return
    if happened.kind in STATES:
        _moved(outage, happened, actor=actor, now=now)
    elif happened.kind == "surveyed":
        _surveyed(outage, happened, actor=actor, now=now)
    elif happened.kind == "etr":
        _estimated(outage, happened, actor=actor, now=now)
    else:
        restoring.bring_back(outage, actor=actor, now=now)


def _moved(outage: Outage, happened: Happened, *, actor: Actor, now: datetime) -> None:
    crew_id = None if happened.kind == "returned" else happened.crew_id
    told = happened.kind != "taken"
    state = STATES[happened.kind]
    _stands(outage, state, crew_id, happened.number, told=told, actor=actor, now=now)
    restoring.tell(outage, "crew_moved", {"crew_state": state}, actor=actor, now=now)


def _stands(
    outage: Outage, state: str, crew_id: int | None, order: str, *, told: bool = True, actor: Actor, now: datetime
) -> None:
    outage.crew_id = crew_id
    if outage.status != "partially_restored":
        outage.status = state
    if told:
        trace.event(outage, "crew", actor=actor, now=now, params={"state": state, "order": order})
    session.flush()
    hooks.emit("changed", outage, actor=actor, now=now)


def _surveyed(outage: Outage, happened: Happened, *, actor: Actor, now: datetime) -> None:
    """The crew found the cause: it is the outage's where nobody named one."""
    order = session.get_one(WorkOrder, happened.order_id)
    if order.fault_cause and outage.cause in {"", "unknown"}:
        outage.cause = order.fault_cause
        trace.event(outage, "cause", actor=actor, now=now, params={"cause": outage.cause})
        session.flush()
        hooks.emit("changed", outage, actor=actor, now=now)


def _estimated(outage: Outage, happened: Happened, *, actor: Actor, now: datetime) -> None:
    if happened.etr_at is None or happened.etr_at <= now:
        return
    note_ = str(happened.params.get("reason") or "")
    etr.estimate(outage, happened.etr_at, source="crew", note=note_, actor=actor, now=now)
