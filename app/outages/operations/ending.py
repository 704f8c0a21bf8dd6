"""A prediction whose supply came back before anybody confirmed it: momentary within the threshold, else restored."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.kernel.actor import Actor
from app.kernel.db import session
from app.outages import hooks
from app.outages.models import Outage, OutageCustomer, OutageDevice, TroubleCall
from app.outages.operations import members, overlapping, process, steps, trace
from app.outages.operations.thresholds import in_force_at


def supplied_again(outage: Outage, *, at: datetime, actor: Actor, now: datetime) -> None:
    """Write that everybody has supply again since `at`, with the steps that indices count."""
    at = max(at, outage.started_at)
    members.count(outage)
    steps.note_out(outage, at=outage.started_at, actor=actor)
    back, minutes = _back(outage, at)
    steps.add_step(outage, "restored", outage.device_code, back, minutes, at=at, actor=actor)
    outage.locked = True
    outage.status, outage.restored_at, outage.closed_at = "closed", at, now
    if at - outage.started_at <= momentary(outage, now=now):
        outage.kind = "momentary"
    session.flush()
    overlapping.move_on(outage, overlapping.back(outage, at=at), actor=actor, now=now)
    session.expire(outage)
    members.count(outage)
    _close_calls(outage, now)
    params = {"at": at.isoformat(), "minutes": round((at - outage.started_at).total_seconds() / 60)}
    trace.event(outage, "momentary" if outage.kind == "momentary" else "restored", actor=actor, now=now, params=params)
    process.end(outage, actor=actor, now=now)
    hooks.emit("restored", outage, actor=actor, now=now)
    hooks.emit("closed", outage, actor=actor, now=now)


def momentary(outage: Outage, *, now: datetime) -> timedelta:
    """How long an interruption may last here and still be momentary (瞬时停电), by the table of thresholds."""
    return in_force_at(outage.unit_code, outage.unit_path, now).values.minutes("momentary")


def _back(outage: Outage, at: datetime) -> tuple[int, float]:
    where = (OutageCustomer.outage_id == outage.id, OutageCustomer.active)
    groups = session.execute(
        sa.select(OutageCustomer.out_at, sa.func.count()).where(*where).group_by(OutageCustomer.out_at)
    ).all()
    session.execute(
        sa.update(OutageCustomer)
        .where(*where)
        .values(active=False, restored_at=at)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.update(OutageDevice)
        .where(OutageDevice.outage_id == outage.id, OutageDevice.active)
        .values(active=False)
        .execution_options(synchronize_session=False)
    )
    minutes = sum(max((at - out_at).total_seconds(), 0.0) / 60 * number for out_at, number in groups)
    return sum(number for _, number in groups), minutes


def _close_calls(outage: Outage, now: datetime) -> None:
    session.execute(
        sa.update(TroubleCall)
        .where(TroubleCall.outage_id == outage.id, TroubleCall.state == "attached")
        .values(state="closed", closed_at=now, revision=TroubleCall.revision + 1)
        .execution_options(synchronize_session=False)
    )
