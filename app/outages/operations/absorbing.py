"""One outage takes others in: their calls, devices and customers are its own from now on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.network.grid import Grid
from app.outages import hooks
from app.outages.models import PREDICTION, Outage, TroubleCall
from app.outages.operations import members, trace
from app.outages.rights import CONFIRM


def take_in_below(target: Outage, covers: Collection[str], grid: Grid, *, actor: Actor, now: datetime) -> None:
    """Take in the predictions that lie wholly below `covers`, and the single calls from there.

    Raises `Forbidden` where one of them is another unit's to confirm.
    """
    feeders = {grid.feeder_of(code) or grid.info(code).feeder for code in covers} | {target.feeder_code}
    candidates = session.scalars(
        sa.select(Outage)
        .where(
            Outage.feeder_code.in_(feeders - {""}),
            PREDICTION,
            Outage.id != target.id,
        )
        .order_by(Outage.id)
    ).all()
    for outage in candidates:
        below = members.devices_of([outage.id])[outage.id] or transformers_called(outage)
        if below and below <= set(covers):
            authority.require(actor, CONFIRM, unit_path=outage.unit_path, now=now)
            absorb(outage, target, actor=actor, now=now)


def transformers_called(outage: Outage) -> set[str]:
    """The transformers the outage's calls came from."""
    query = sa.select(TroubleCall.transformer_code).where(
        TroubleCall.outage_id == outage.id, TroubleCall.transformer_code != ""
    )
    return set(session.scalars(query.distinct()))


def absorb(source: Outage, target: Outage, *, actor: Actor, now: datetime) -> None:
    """Let `target` take everything of `source`, which is over then."""
    members.hand_over(source, target)
    session.execute(
        sa.update(TroubleCall)
        .where(TroubleCall.outage_id == source.id)
        .values(outage_id=target.id, revision=TroubleCall.revision + 1)
        .execution_options(synchronize_session=False)
    )
    target.started_at = min(target.started_at, source.started_at)
    target.calls += source.calls
    source.status, source.closed_at, source.joined_into_id, source.calls = "cancelled", now, target.id, 0
    source.main_order_id = None
    session.flush()
    members.count(source)
    trace.event(source, "joined", actor=actor, now=now, params={"into": target.number})
    trace.event(target, "took_in", actor=actor, now=now, params={"number": source.number, **trace.device(source)})
    hooks.emit("closed", source, actor=actor, now=now)
