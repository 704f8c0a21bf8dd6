"""Work after the commit: orders become trouble calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.kernel.registry import registry
from app.outages.operations import orders


@registry.job(orders.JOB, backoff=lambda attempt: timedelta(seconds=min(2**attempt, 300)), max_attempts=8)
def look_at_order(payload: Mapping[str, Any], now: datetime) -> None:
    """An order was accepted or changed: place its trouble call."""
    orders.look_at(payload, now)
