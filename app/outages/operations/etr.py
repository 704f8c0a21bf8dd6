"""When supply is expected back (预计送电时间): set with its source, kept with its history, guessed by rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.outages import hooks
from app.outages.handling_rules import etr_rules
from app.outages.models import Outage, OutageEtr
from app.outages.operations import trace
from app.outages.operations.find import open_outage
from app.outages.operations.restoring import BACK, tell
from app.outages.rights import MANAGE

SOURCES = frozenset({"rule", "crew", "dispatcher", "mass", "plan"})


def set_etr(
    number: str,
    etr_at: datetime,
    *,
    source: str,
    note: str = "",
    revision: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """A new estimate for an outage, told to those who wait for it. Right `outage.manage`.

    Raises `OutageNotFound`, `OutageOver`, `Forbidden`, `Invalid` (past, too far, supply is back).
    """
    outage = open_outage(number, revision=revision)
    authority.require(actor, MANAGE, unit_path=outage.unit_path, now=now)
    estimate(outage, etr_at, source=source, note=note, actor=actor, now=now)


def estimate(outage: Outage, etr_at: datetime, *, source: str, note: str = "", actor: Actor, now: datetime) -> bool:
    """`set_etr` without asking for the right; returns whether it was new."""
    _check(outage, etr_at, source, now)
    if outage.etr_at == etr_at and outage.etr_source == source:
        return False
    outage.etr_at, outage.etr_source = etr_at, source
    session.add(OutageEtr(outage_id=outage.id, at=now, etr_at=etr_at, source=source, by=actor.ref, note=note[:500]))
    params = {"etr": etr_at.isoformat(), "source": source, "note": note}
    trace.event(outage, "etr", actor=actor, now=now, params=params)
    session.flush()
    hooks.emit("etr", outage, actor=actor, now=now)
    minutes = max(0, int((etr_at - now).total_seconds() // 60))
    tell(outage, "outage_etr", {"etr_minutes": minutes}, actor=actor, now=now)
    return True


def take_over(outage: Outage, etr_at: datetime, *, source: str, by: str, now: datetime) -> None:
    """An estimate that was given already, for the order or outage that this one goes on from: told with the next."""
    outage.etr_at, outage.etr_source = etr_at, source
    session.add(OutageEtr(outage_id=outage.id, at=now, etr_at=etr_at, source=source, by=by))


def inherit(outage: Outage, source: Outage) -> None:
    """Go on with the estimate of another outage and its history."""
    outage.etr_at, outage.etr_source = source.etr_at, source.etr_source
    earlier = sa.select(OutageEtr).where(OutageEtr.outage_id == source.id).order_by(OutageEtr.id)
    for row in session.scalars(earlier).all():
        session.add(
            OutageEtr(outage_id=outage.id, at=row.at, etr_at=row.etr_at, source=row.source, by=row.by, note=row.note)
        )


def by_rule(outage: Outage, *, now: datetime) -> tuple[datetime, str]:
    """The rule's estimate and where it comes from: `median:<n>` of past outages alike, else `table:<rule>`."""
    since = now - timedelta(days=etr_rules().days)
    for same in (("device_kind", "cause", "weather"), ("device_kind", "cause"), ("device_kind",)):
        minutes = _past(outage, same, since)
        if len(minutes) >= etr_rules().least:
            return _at(now, median(minutes)), f"median:{len(minutes)}"
    inputs = {"device_kind": outage.device_kind, "cause": outage.cause, "weather": outage.weather}
    decided = engine.decide("outage_etr_default", inputs, now=now)
    return _at(now, float(decided.result)), "table"


def _past(outage: Outage, same: tuple[str, ...], since: datetime) -> list[float]:
    """Minutes from confirmation to restoration of the newest outages that are alike."""
    if any(not getattr(outage, name) for name in same):
        return []
    rows = session.execute(
        sa.select(Outage.confirmed_at, Outage.restored_at)
        .where(
            *(getattr(Outage, name) == getattr(outage, name) for name in same),
            Outage.nature == "unplanned",
            Outage.status == "closed",
            Outage.kind.not_in(("non_outage", "momentary")),
            Outage.confirmed_at.is_not(None),
            Outage.restored_at.is_not(None),
            Outage.started_at >= since,
        )
        .order_by(Outage.id.desc())
        .limit(etr_rules().most)
    )
    return [
        max(0.0, (restored - confirmed).total_seconds() / 60)
        for confirmed, restored in rows
        if confirmed is not None and restored is not None
    ]


def _at(now: datetime, minutes: float) -> datetime:
    """So many minutes from now, rounded up to the step that people read."""
    step = etr_rules().round_to
    whole = int(-(-minutes // step) * step) or step
    at = now + timedelta(minutes=whole)
    return at.replace(second=0, microsecond=0)


def _check(outage: Outage, etr_at: datetime, source: str, now: datetime) -> None:
    if source not in SOURCES:
        raise Invalid(_l("There is no such source of an estimate."), errors={"source": [source]})
    why = None
    if outage.status in BACK:
        why = _l("Supply is back already.")
    elif etr_at <= now:
        why = _l("An estimate lies in the future.")
    elif etr_at > now + timedelta(days=etr_rules().farthest):
        why = _l("An estimate lies within %(days)s days.", days=etr_rules().farthest)
    if why is not None:
        raise Invalid(why, errors={"etr": [why]})
