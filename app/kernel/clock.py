"""Time is injected: the edge (a view, a job, a command) reads the clock once and passes `now=` down.

The working-day calendar lives in `kernel.calendar`; instants are always aware, in UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from flask import Flask, current_app

LOCAL = ZoneInfo("Asia/Shanghai")
"""The zone of the utility: dates, holidays and what people read are in this zone."""


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FrozenClock:
    """A clock that stands still until it is moved (tests, scenarios)."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def advance(self, by: timedelta) -> datetime:
        """Move forward and return the new time."""
        self._at += by
        return self._at

    def set(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)


def init_app(app: Flask, clock: Clock | None = None) -> None:
    app.extensions["lightline.clock"] = clock or SystemClock()


def now() -> datetime:
    """The application's time, for edges only (views, jobs, commands)."""
    clock: Clock = current_app.extensions["lightline.clock"]
    return clock.now()
