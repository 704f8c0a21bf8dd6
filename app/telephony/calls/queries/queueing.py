"""How queues do: for supervisors' pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.telephony.calls.models import AgentChange, QueueVisit


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """One queue over a span: seconds are means over those who were answered or left."""

    queue: str
    joined: int
    answered: int
    abandoned: int
    waiting: int
    wait_answered: float
    in_time: int
    """Answered within the seconds asked for."""

    @property
    def service_level(self) -> float | None:
        """In percent of all who joined and did not still wait; None where nobody did."""
        over = self.joined - self.waiting
        return round(100 * self.in_time / over, 1) if over else None


def queue_figures(since: datetime, until: datetime, *, within: int = 20) -> list[QueueFigures]:
    """All queues over a half-open span of joining; `within` seconds is the service level asked for."""
    rows = session.execute(
        sa.select(QueueVisit.queue, QueueVisit.joined_at, QueueVisit.answered_at, QueueVisit.left_at).where(
            QueueVisit.joined_at >= since, QueueVisit.joined_at < until
        )
    ).all()
    found: dict[str, list[tuple[datetime, datetime | None, datetime | None]]] = {}
    for queue, joined, answered, left in rows:
        found.setdefault(queue, []).append((joined, answered, left))
    return [_figures(queue, visits, within) for queue, visits in sorted(found.items())]


def _figures(queue: str, visits: list[tuple[datetime, datetime | None, datetime | None]], within: int) -> QueueFigures:
    waits = [(answered - joined).total_seconds() for joined, answered, _left in visits if answered]
    return QueueFigures(
        queue=queue,
        joined=len(visits),
        answered=len(waits),
        abandoned=sum(1 for _joined, answered, left in visits if left and not answered),
        waiting=sum(1 for _joined, answered, left in visits if not left and not answered),
        wait_answered=round(sum(waits) / len(waits), 1) if waits else 0.0,
        in_time=sum(1 for wait in waits if wait <= within),
    )


def agents_now() -> Mapping[str, Mapping[str, str]]:
    """By agent the status and state last told."""
    latest = sa.select(sa.func.max(AgentChange.id)).group_by(AgentChange.agent, AgentChange.what)
    found: dict[str, dict[str, str]] = {}
    for agent, what, value in session.execute(
        sa.select(AgentChange.agent, AgentChange.what, AgentChange.value).where(AgentChange.id.in_(latest))
    ):
        found.setdefault(agent, {})[what] = value
    return found
