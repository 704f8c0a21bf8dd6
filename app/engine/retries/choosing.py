"""Which incidents: by place, process, step, kind and words of their message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.engine.runtime.models import Incident
from app.engine.runtime.rows import incident_view
from app.engine.runtime.views import IncidentView
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """`paths` are path prefixes ("/" is everything); empty texts ask for nothing."""

    paths: tuple[str, ...]
    process_key: str = ""
    element_id: str = ""
    kind: str = ""
    text: str = ""
    business_key: str = ""


def page_of_incidents(
    wanted: IncidentFilter, *, state: str = "open", before: str | None = None, limit: int = 50
) -> list[IncidentView]:
    """Incidents, the latest first; `before` is the last id of the page before."""
    query = sa.select(Incident).where(Incident.state == state, *conditions(wanted)).order_by(Incident.id.desc())
    if before is not None:
        query = query.where(Incident.id < before)
    return [incident_view(row) for row in session.scalars(query.limit(limit))]


def count_incidents(wanted: IncidentFilter, *, state: str = "open") -> int:
    """How many there are."""
    query = sa.select(sa.func.count()).select_from(Incident).where(Incident.state == state, *conditions(wanted))
    return session.scalar(query) or 0


def conditions(wanted: IncidentFilter) -> list[Any]:
    """The filter as SQL."""
    given = {
        Incident.process_key: wanted.process_key,
        Incident.element_id: wanted.element_id,
        Incident.kind: wanted.kind,
        Incident.business_key: wanted.business_key,
    }
    found: list[Any] = [column == value for column, value in given.items() if value]
    if wanted.text:
        found.append(Incident.message.icontains(wanted.text, autoescape=True))
    if "/" not in wanted.paths:
        found.append(
            sa.or_(sa.false(), *(Incident.unit_path.startswith(path, autoescape=True) for path in wanted.paths))
        )
    return found
