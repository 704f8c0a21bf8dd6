"""How pressing each outage is (时限颜色): by its order's running limits; without an order by table `board_limits`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.engine import api as engine
from app.kernel.db import session
from app.workorders.models import OrderLimit


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit that presses most: which stage, since when, until when."""

    stage: str
    since: datetime
    due_at: datetime

    def share(self, now: datetime) -> float:
        """How much of it has been used, in per cent; beyond 100 it is late."""
        whole = (self.due_at - self.since).total_seconds()
        used = (now - self.since).total_seconds()
        return 100 * used / whole if whole > 0 else (100.0 if now >= self.due_at else 0.0)


def running_limits(order_ids: Sequence[int]) -> dict[int, Limit]:
    """Of each order the running limit that ends first."""
    found: dict[int, Limit] = {}
    query = sa.select(OrderLimit.order_id, OrderLimit.stage, OrderLimit.started_at, OrderLimit.due_at).where(
        OrderLimit.order_id.in_(order_ids), OrderLimit.state == "running"
    )
    for order_id, stage, since, due_at in session.execute(query.order_by(OrderLimit.due_at.desc())):
        found[order_id] = Limit(stage, since, due_at)
    return found


class Waiting:
    """Limits of outages without an order; each combination is asked of the table once."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._known: dict[tuple[str, bool, bool], tuple[str, float]] = {}

    def limit(self, *, status: str, important: bool, storm: bool, since: datetime) -> Limit | None:
        """The limit of an outage in this state since then; None where none counts."""
        key = (status, important, storm)
        if key not in self._known:
            inputs = {"status": status, "important": important, "storm": storm}
            row = engine.decide("board_limits", inputs, now=self._now, record=False).result or {}
            self._known[key] = (str(row.get("stage") or ""), float(row.get("minutes") or 0))
        stage, minutes = self._known[key]
        return Limit(stage, since, since + timedelta(minutes=minutes)) if stage else None


def colours(*, now: datetime) -> list[tuple[float, str]]:
    """From which share which colour, the highest first (table `board_colours`)."""
    rows: Iterable[Mapping[str, object]] = (
        engine.decide("board_colours", {"nature": ""}, now=now, record=False).result or []
    )
    return sorted(((float(str(row["from"])), str(row["colour"])) for row in rows), reverse=True)


def colour_of(share: float, steps: Sequence[tuple[float, str]]) -> str:
    """The colour of a share by `colours`."""
    return next((colour for start, colour in steps if share >= start), "")
