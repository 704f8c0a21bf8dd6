"""What the clock does for indices: interruptions follow outages, customers served are counted once a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.kernel.registry import registry
from app.outages.indices import reckoning, serving


@registry.job(reckoning.JOB)
def reckon(payload: Mapping[str, Any], now: datetime) -> None:
    """Supply came back, or an outage is over: its interruptions are made anew."""
    reckoning.reckon(int(payload["outage"]))


@registry.sweep(serving.WHAT, every=timedelta(minutes=20))
def served(now: datetime) -> int:
    """The customers served, once a day."""
    return serving.count_when_due(now)
