"""The end of an outage: closed, found to be none, cancelled. Its calls end with it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.outages import hooks
from app.outages.models import OVER, Outage, OutageCustomer, OutageDevice, OutageEvent, TroubleCall
from app.outages.operations import overlapping, restoring, trace


def close(outage: Outage, *, actor: Actor, now: datetime) -> None:
    """Handling is over (归档); once."""
    if outage.status in OVER:
        return
    if outage.customers_out:
        restoring.bring_back(outage, actor=actor, now=now)
    _end(outage, "closed", actor=actor, now=now)


def go_on_by_hand(outage: Outage, *, actor: Actor, now: datetime) -> None:
    """The outage's process was ended under way. What is restored is over; the rest is once it is restored."""
    if outage.status in OVER:
        return
    outage.instance_id = None
    trace.event(outage, "process_ended", actor=actor, now=now)
    session.flush()
    if outage.status in restoring.BACK:
        _end(outage, "closed", actor=actor, now=now)


def is_by_hand(outage: Outage) -> bool:
    """Whether its process was ended under way and no other has begun."""
    ended = sa.select(OutageEvent.id).where(OutageEvent.outage_id == outage.id, OutageEvent.kind == "process_ended")
    return outage.instance_id is None and session.scalar(ended.limit(1)) is not None


def no_outage(outage: Outage, *, reason: str, note: str = "", actor: Actor, now: datetime) -> None:
    """The calls had another cause (非停电): nobody was out because of the grid."""
    if outage.status in OVER:
        return
    outage.kind, outage.locked = "non_outage", True
    _nobody_out(outage, actor=actor, now=now)
    params = {"reason": reason, "note": note}
    trace.event(outage, "non_outage", actor=actor, now=now, params=params)
    _end(outage, "cancelled", actor=actor, now=now)


def cancel(outage: Outage, *, reason: str = "", actor: Actor, now: datetime) -> None:
    """It does not take place, or another outage has taken it in; once."""
    if outage.status in OVER:
        return
    _nobody_out(outage, actor=actor, now=now)
    kind = "called_off" if outage.planned_from else "cancelled"
    trace.event(outage, kind, actor=actor, now=now, params={"reason": reason})
    _end(outage, "cancelled", actor=actor, now=now)


def _end(outage: Outage, status: str, *, actor: Actor, now: datetime) -> None:
    outage.status, outage.closed_at, outage.callbacks_pending = status, now, 0
    calls = sa.update(TroubleCall).where(TroubleCall.outage_id == outage.id, TroubleCall.state == "attached")
    values = {"state": "closed", "closed_at": now, "revision": TroubleCall.revision + 1}
    session.execute(calls.values(values).execution_options(synchronize_session=False))
    if status == "closed":
        trace.event(outage, "closed", actor=actor, now=now)
    audit.record(
        f"outage.{status}",
        actor=actor,
        now=now,
        subject_type="outage",
        subject_id=outage.number,
        unit_path=outage.unit_path,
    )
    session.flush()
    hooks.emit("closed", outage, actor=actor, now=now)


def _nobody_out(outage: Outage, *, actor: Actor, now: datetime) -> None:
    """Take away the members that were never known to be out; whom a plan keeps without supply, the plan has."""
    leaving = overlapping.never_out(outage)
    for model in (OutageCustomer, OutageDevice):
        gone = sa.delete(model).where(model.outage_id == outage.id, model.active)
        session.execute(gone.execution_options(synchronize_session=False))
    outage.customers_out = 0
    session.flush()
    overlapping.move_on(outage, leaving, actor=actor, now=now)
