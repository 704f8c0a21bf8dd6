"""How an order's limits stand at an instant: the worst running one, when that changes, whether one was missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.workorders.models import OrderLimit

RUNNING = ("running", "held")
"""A held limit warns nobody, yet runs."""

INSTANT = timedelta(microseconds=1)
"""A limit is over after its end, not at it."""


@dataclass(frozen=True, slots=True)
class LimitState:
    """`state` is over, near, running, paused or none; `judged`: a limit ended or is over; `late`: one was missed."""

    state: str
    due_at: datetime | None
    turns_at: datetime | None
    judged: bool
    late: bool


def limit_state(limits: Sequence[OrderLimit], *, near: float, now: datetime) -> LimitState:
    """The state at `now`; `near` is the share of a limit (by the clock on the wall) from which it is near."""
    running = [limit for limit in limits if limit.state in RUNNING]
    over = [limit for limit in running if now > limit.due_at]
    coming = [limit for limit in running if limit not in over]
    close = [limit for limit in coming if now >= _near_at(limit, near)]
    turns = [limit.due_at + INSTANT for limit in coming] + [
        _near_at(limit, near) for limit in coming if limit not in close
    ]
    paused = any(limit.state == "paused" for limit in limits)
    state = "over" if over else "near" if close else "running" if coming else "paused" if paused else "none"
    late = bool(over) or any(limit.breached for limit in limits)
    return LimitState(
        state=state,
        due_at=min((limit.due_at for limit in running), default=None),
        turns_at=min(turns, default=None),
        judged=late or any(limit.state == "met" for limit in limits),
        late=late,
    )


def _near_at(limit: OrderLimit, near: float) -> datetime:
    return limit.started_at + (limit.due_at - limit.started_at) * near
