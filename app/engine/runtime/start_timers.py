"""Firing the timer start events of processes: one instance each time, whichever clock comes first.

The instance and the row's next time are written in one transaction under the row's lock.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.engine import scripting
from app.engine.definitions import queries
from app.engine.definitions.models import Definition
from app.engine.definitions.start_events import read_starts
from app.engine.iso8601 import next_after, parse_cycle
from app.engine.runtime import instances
from app.engine.runtime.models import Timer
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session

LOOK_AGAIN = timedelta(minutes=1)
"""When a timer is looked at again whose process may not be started now."""


def fire(timer: Timer, *, actor: Actor = SYSTEM, now: datetime) -> str | None:
    """Start an instance and set the timer to its next time; the instance's id, None while the process is suspended."""
    row = session.get_one(Definition, timer.definition_id)
    if queries.newest_process(row.key)[1]:
        timer.run_at = now + LOOK_AGAIN
        return None
    key, element_id = row.key, timer.element_id
    _set_next(timer, row, now)
    session.flush()
    return instances.start_by_timer(key, element_id, actor=actor, now=now)


def drop_start_timers() -> None:
    """Let the clock start nothing any more (scenarios, which start what they play)."""
    session.execute(sa.delete(Timer).where(Timer.definition_id.is_not(None)))


def _set_next(timer: Timer, row: Definition, now: datetime) -> None:
    if timer.left == 1:
        session.delete(timer)
        return
    start = next(one for one in read_starts(row.content, row.key) if one.element_id == timer.element_id)
    cycle = parse_cycle(str(scripting.render(start.text, {}, now=lambda: now)))
    timer.due_at = timer.run_at = next_after(cycle, timer.due_at, now)
    timer.left = None if timer.left is None else timer.left - 1
    timer.attempts = 0
