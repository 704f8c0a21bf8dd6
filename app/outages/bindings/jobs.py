"""Work after the commit: orders become trouble calls, predictions are followed by their processes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.kernel.registry import registry
from app.outages.operations import orders, process


@registry.job(orders.JOB, backoff=lambda attempt: timedelta(seconds=min(2**attempt, 300)), max_attempts=8)
def look_at_order(payload: Mapping[str, Any], now: datetime) -> None:
    """An order was accepted or changed: place its trouble call."""
    orders.look_at(payload, now)


@registry.job(process.JOB, backoff=lambda attempt: timedelta(seconds=min(2**attempt, 300)), max_attempts=8)
def follow_with_process(payload: Mapping[str, Any], now: datetime) -> None:
    """A prediction was made, moved or withdrawn: its process follows."""
    process.follow(int(payload["outage"]), now=now)
