"""What is on record of a span of time, for playing it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.kernel.db import session
from app.kernel.errors import Invalid
from app.network import grid
from app.outages.models import Outage, OutageEtr, OutageEvent, OutageStep, TroubleCall
from app.outages.places import Place, first_place
from app.outages.queries.board import PLANNING, under
from app.outages.replaying import History
from app.workorders.models import Crew, CrewPosition

LONGEST = timedelta(days=7)
MOST = 3000
"""Outages a playback holds at most: what a page can draw. A storm larger than that is looked at by unit."""


@dataclass(frozen=True, slots=True)
class Played:
    """An outage of the span: what never changes of it, and its history."""

    id: int
    number: str
    device: str
    feeder: str
    important: int
    started_at: datetime
    place: Place | None
    history: History


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a crew was at an instant."""

    at: datetime
    crew_id: int
    name: str
    name_en: str
    lat: float
    lon: float


def played(since: datetime, until: datetime, *, paths: Sequence[str], now: datetime) -> list[Played]:
    """Outages under way at some time of the span, but stops for arrears. Raises `Invalid` (empty, too long, many)."""
    if not since < until or until - since > LONGEST:
        message = _l("Choose a span of at most %(days)s days.", days=LONGEST.days)
        raise Invalid(message, errors={"to": [message]})
    query = sa.select(Outage).where(
        Outage.detected_at < until,
        sa.or_(Outage.closed_at.is_(None), Outage.closed_at > since),
        Outage.status.not_in(sorted(PLANNING)),
        Outage.nature != "arrears",
        under(Outage.unit_path, paths),
    )
    outages = list(session.scalars(query.order_by(Outage.id).limit(MOST + 1)))
    if len(outages) > MOST:
        message = _l("These are more than %(count)s outages: choose a shorter span or a unit.", count=MOST)
        raise Invalid(message, errors={"to": [message]})
    ids = [outage.id for outage in outages]
    events, steps, etrs, calls = _events(ids, until), _steps(ids, until), _etrs(ids, until), _calls(ids, until)
    present = grid.current(now)
    return [
        Played(
            outage.id,
            outage.number,
            outage.device or outage.zone or outage.device_code,
            outage.feeder,
            outage.important,
            outage.started_at,
            first_place(present, (outage.device_code, outage.feeder_code)),
            History(
                outage.id,
                outage.detected_at,
                outage.closed_at,
                outage.customers_total,
                outage.status,
                events[outage.id],
                steps[outage.id],
                etrs[outage.id],
                calls[outage.id],
            ),
        )
        for outage in outages
    ]


def moved(since: datetime, until: datetime, *, paths: Sequence[str]) -> list[Moved]:
    """Where the crews of these paths were, the earliest first."""
    query = (
        sa.select(CrewPosition.at, Crew.id, Crew.name, Crew.name_en, CrewPosition.lat, CrewPosition.lon)
        .join(Crew, Crew.id == CrewPosition.crew_id)
        .where(CrewPosition.at >= since, CrewPosition.at < until, under(Crew.unit_path, paths))
        .order_by(CrewPosition.at)
        .limit(20_000)
    )
    return [Moved(*row) for row in session.execute(query)]


def _events(ids: Sequence[int], until: datetime) -> Mapping[int, list[tuple[datetime, str, Mapping[str, Any]]]]:
    found: dict[int, list[tuple[datetime, str, Mapping[str, Any]]]] = defaultdict(list)
    query = sa.select(OutageEvent).where(OutageEvent.outage_id.in_(ids), OutageEvent.at < until)
    for row in session.scalars(query.order_by(OutageEvent.id)):
        found[row.outage_id].append((row.at, row.kind, row.params))
    return found


def _steps(ids: Sequence[int], until: datetime) -> Mapping[int, list[tuple[datetime, str, int]]]:
    found: dict[int, list[tuple[datetime, str, int]]] = defaultdict(list)
    query = sa.select(OutageStep).where(OutageStep.outage_id.in_(ids), OutageStep.at < until)
    for row in session.scalars(query.order_by(OutageStep.outage_id, OutageStep.n)):
        found[row.outage_id].append((row.at, row.kind, row.customers))
    return found


def _etrs(ids: Sequence[int], until: datetime) -> Mapping[int, list[tuple[datetime, datetime | None, str]]]:
    found: dict[int, list[tuple[datetime, datetime | None, str]]] = defaultdict(list)
    query = sa.select(OutageEtr).where(OutageEtr.outage_id.in_(ids), OutageEtr.at < until)
    for row in session.scalars(query.order_by(OutageEtr.id)):
        found[row.outage_id].append((row.at, row.etr_at, row.source))
    return found


def _calls(ids: Sequence[int], until: datetime) -> Mapping[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    query = sa.select(TroubleCall.outage_id, TroubleCall.received_at).where(
        TroubleCall.outage_id.in_(ids), TroubleCall.received_at < until, TroubleCall.suspect.is_(False)
    )
    for outage_id, at in session.execute(query):
        if outage_id is not None:
            found[outage_id].append(at)
    return found
