"""Timers: rows that a sweep of the clock fires, each in a transaction of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from app.engine.elements.waits import fire_timer
from app.engine.runtime import start_timers
from app.engine.runtime.models import Timer
from app.engine.runtime.run import command
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.failures import open_incident
from app.engine.runtime.workflow import find
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.registry import registry

log = structlog.get_logger(__name__)

EVERY = timedelta(seconds=1)
MAX_ATTEMPTS = 5
BACKOFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


def fire_timers(now: datetime, limit: int = 200) -> int:
    """Fire up to `limit` due timers, the longest due first; returns how many fired. Owns its transactions.

    A timer whose flow breaks stops no other: it waits longer each time and is an incident in the end.
    A database that is away is no fault of the timer's: the sweep ends, and the next one fires what is due.
    """
    fired = 0
    for timer_id in _due(now, limit):
        try:
            fired += db.run(lambda timer_id=timer_id: _fire(timer_id, now))  # type: ignore[misc]
        except Exception as exc:
            if db.is_unavailable(exc):
                raise
            log.error("a timer could not fire", timer=timer_id, error=repr(exc), exc_info=True)
            error = f"{type(exc).__name__}: {exc}"
            db.run(lambda timer_id=timer_id, error=error: _put_back(timer_id, error, now))  # type: ignore[misc]
    return fired


@registry.sweep("engine.timers", every=EVERY)
def sweep(now: datetime) -> int:
    """The clock's periodic look at due timers."""
    return fire_timers(now)


def next_due() -> datetime | None:
    """When the next timer is due, for clocks that jump (scenarios)."""
    found: datetime | None = session.scalar(sa.select(sa.func.min(Timer.run_at)))
    return found


def _due(now: datetime, limit: int) -> list[str]:
    """Asked without the write lock, so that an idle clock stands in nobody's way."""
    session.rollback()
    query = sa.select(Timer.id).where(Timer.run_at <= now).order_by(Timer.run_at, Timer.id).limit(limit)
    found = list(session.scalars(query))
    session.rollback()
    return found


def _fire(timer_id: str, now: datetime) -> bool:
    """Look again under the lock: it may have fired, been cancelled or put off since."""
    query = sa.select(Timer).where(Timer.id == timer_id, Timer.run_at <= now)
    timer = session.scalar(query.with_for_update(skip_locked=True))
    if timer is None:
        return False
    if timer.instance_id is None:
        return start_timers.fire(timer, now=now) is not None
    instance = command.find_instance(timer.instance_id)
    if instance.status != "active":
        timer.run_at = None  # stands until `resume`
        return False
    token, element_id = timer.token, timer.element_id
    return command.command(instance, lambda run: _pass(run, token, element_id), actor=SYSTEM, now=now)


def _pass(run: Run, token: str, element_id: str) -> bool:
    task = find(run.workflow, token)
    if task is None:
        return False
    fire_timer(task, element_id)
    return True


def _put_back(timer_id: str, error: str, now: datetime) -> None:
    timer = session.get(Timer, timer_id, with_for_update=True)
    if timer is None:
        return
    timer.attempts += 1
    if timer.attempts < MAX_ATTEMPTS or timer.instance_id is None:  # a start has no case that could show an incident
        timer.run_at = now + BACKOFF[min(timer.attempts, len(BACKOFF)) - 1]
        return
    timer.run_at = None
    instance = command.find_instance(timer.instance_id)
    token, element_id = timer.token, timer.element_id
    command.command(instance, lambda run: _give_up(run, token, element_id, error), actor=SYSTEM, now=now)


def _give_up(run: Run, token: str, element_id: str, error: str) -> None:
    task = find(run.workflow, token)
    if task is not None:
        incident = open_incident(run, task, kind="timer", message=error, trace=error)
        incident.element_id = element_id  # for an event subprocess the token is the first of its scope
