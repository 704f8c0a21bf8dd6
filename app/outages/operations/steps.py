"""Steps of interruption (停电) as rows: how many customers lost supply when. Restoring writes the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.kernel.actor import Actor
from app.kernel.db import session
from app.outages.models import Outage, OutageStep


def add_step(
    outage: Outage,
    kind: str,
    device: str,
    customers: int,
    minutes: float,
    *,
    at: datetime,
    actor: Actor,
    note: str = "",
) -> OutageStep:
    """Write the next step of an outage."""
    last = session.scalar(sa.select(sa.func.max(OutageStep.n)).where(OutageStep.outage_id == outage.id)) or 0
    step = OutageStep(
        outage_id=outage.id,
        n=last + 1,
        at=at,
        kind=kind,
        device_code=device[:64],
        customers=customers,
        customer_minutes=minutes,
        by=actor.ref,
        note=note[:500],
    )
    session.add(step)
    session.flush()
    return step


def note_out(outage: Outage, *, at: datetime, actor: Actor, note: str = "") -> None:
    """Write the step that makes the steps `out` add up to all who were ever out."""
    noted = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(OutageStep.customers), 0)).where(
            OutageStep.outage_id == outage.id, OutageStep.kind == "out"
        )
    )
    more = outage.customers_total - int(noted or 0)
    if more:
        add_step(outage, "out", outage.device_code, more, 0.0, at=at, actor=actor, note=note)


def undo(outage: Outage) -> None:
    """There was no outage: nobody was out."""
    session.execute(
        sa.delete(OutageStep).where(OutageStep.outage_id == outage.id).execution_options(synchronize_session=False)
    )


def named(devices: Sequence[str], most: int = 64) -> str:
    """As many codes as the step has room for, whole ones; “…” stands for the others."""
    if len(",".join(devices)) <= most:
        return ",".join(devices)
    kept: list[str] = []
    for code in devices:
        if len(",".join([*kept, code, "…"])) > most:
            break
        kept.append(code)
    return ",".join([*kept, "…"])
