"""The local day of an instant: plans and contracts count in days of the utility's zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.kernel.clock import LOCAL


def day_of(instant: datetime) -> date:
    """The day people at the utility call it."""
    return instant.astimezone(LOCAL).date()


def end_of(day: date) -> datetime:
    """The instant at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LOCAL)
