"""Where crews are: with each stamp of an order, and from their devices."""

from __future__ import annotations

import math
from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.workorders.crew_rules import crew_rules
from app.workorders.device_clock import instant_of
from app.workorders.models import Crew, CrewMember, CrewPosition, WorkOrder
from app.workorders.operations.dispatch import CrewNotFound
from app.workorders.operations.trace import Place


def report_position(
    crew_id: int, place: Place, *, sent_at: datetime | None = None, actor: Actor, now: datetime
) -> CrewPosition:
    """A crew's device says where it is. Whoever is in the crew may say so, and who manages crews there.

    Raises `CrewNotFound`, `Forbidden`, `Invalid` (no place on earth).
    """
    crew = session.get(Crew, crew_id)
    if crew is None or not crew.active:
        raise CrewNotFound(_l("There is no such crew."), crew_id=crew_id)
    if not _belongs(crew, actor):
        authority.require(actor, "crew.manage", unit_path=crew.unit_path, now=now)
    if not is_place(place):
        message = _l("This is no place on earth.")
        raise Invalid(message, errors={"lat": [message]})
    return _keep(crew, place, source="api", sent_at=sent_at, order_id=None, now=now)


def follow_stamp(order: WorkOrder, place: Place, *, now: datetime) -> None:
    """A stamp of an order says where its crew is; a stamp without place says nothing."""
    crew = session.get(Crew, order.crew_id) if order.crew_id else None
    if crew is not None and is_place(place):
        _keep(crew, place, source="stamp", sent_at=None, order_id=order.id, now=now)


def is_place(place: Place) -> bool:
    """Whether it names a place on earth. 0, 0 is what broken receivers say, not where anybody repairs."""
    lat, lon = place.lat, place.lon
    if lat is None or lon is None or not (math.isfinite(lat) and math.isfinite(lon)):
        return False
    return -90 <= lat <= 90 and -180 <= lon <= 180 and (lat, lon) != (0, 0)


def _belongs(crew: Crew, actor: Actor) -> bool:
    if actor.ref == crew.leader:
        return True
    return session.query(CrewMember.id).filter_by(crew_id=crew.id, username=actor.ref).first() is not None


def _keep(
    crew: Crew, place: Place, *, source: str, sent_at: datetime | None, order_id: int | None, now: datetime
) -> CrewPosition:
    assert place.lat is not None
    assert place.lon is not None
    rules = crew_rules()
    at = instant_of(place.device_at, now, trust=rules.trust, sent_at=sent_at)
    row = CrewPosition(
        crew_id=crew.id,
        lat=place.lat,
        lon=place.lon,
        accuracy=place.accuracy,
        at=at,
        device_at=place.device_at,
        received_at=now,
        source=source,
        order_id=order_id,
    )
    session.add(row)
    if _replaces(crew, row, coarse=rules.coarse_metres, now=now):
        crew.lat, crew.lon, crew.accuracy = row.lat, row.lon, row.accuracy
        crew.position_at, crew.position_source = at, source
        live.touch("crews")
    session.flush()
    return row


def _replaces(crew: Crew, row: CrewPosition, *, coarse: float, now: datetime) -> bool:
    """A later place replaces an earlier one; a coarse one does not replace an exact one that is still fresh."""
    if crew.position_at is None:
        return True
    if row.at < crew.position_at:
        return False
    is_coarse = row.accuracy is not None and row.accuracy > coarse
    was_coarse = crew.accuracy is not None and crew.accuracy > coarse
    return not is_coarse or was_coarse or now - crew.position_at > crew_rules().stale
