"""Let one call belong to an outage that a dispatcher confirmed, or that was planned: its order follows the main one."""

from __future__ import annotations

from datetime import datetime

from app.kernel.actor import Actor
from app.kernel.db import session
from app.outages import hooks
from app.outages.models import Outage, TroubleCall
from app.outages.operations import members, repair, steps, trace


def attach(call: TroubleCall, outage: Outage, *, actor: Actor, now: datetime, by: str = "rule") -> None:
    """Attach a call; its customer is out with the others, its order becomes a child of the main repair order."""
    call.outage_id, call.state, call.placed_by = outage.id, "attached", by
    outage.calls += 0 if call.suspect else 1
    session.flush()
    if call.customer_id is not None:
        before = outage.customers_total
        members.take_customers(outage, [call.customer_id], out_at=outage.started_at)
        if outage.customers_total > before and outage.confirmed_at is not None:
            steps.note_out(outage, at=outage.started_at, actor=actor)
    refused = repair.follow(call, outage, actor=actor, now=now)
    if refused:
        trace.event(outage, "not_merged", actor=actor, now=now, params={"order": call.order_number, "why": refused})
    hooks.emit("changed", outage, actor=actor, now=now)
