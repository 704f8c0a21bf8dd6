"""Work after the commit: orders become trouble calls, predictions are followed, who moved is located again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from app.kernel import db
from app.kernel.errors import Invalid
from app.kernel.registry import registry
from app.outages.operations import lone, orders, process, relocating, switching

log = structlog.get_logger(__name__)


@registry.job(orders.JOB, backoff=lambda attempt: timedelta(seconds=min(2**attempt, 300)), max_attempts=8)
def look_at_order(payload: Mapping[str, Any], now: datetime) -> None:
    """An order was accepted or changed: place its trouble call."""
    orders.look_at(payload, now)


@registry.job(process.JOB, backoff=lambda attempt: timedelta(seconds=min(2**attempt, 300)), max_attempts=8)
def follow_with_process(payload: Mapping[str, Any], now: datetime) -> None:
    """A prediction was made, moved or withdrawn: its process follows."""
    process.follow(int(payload["outage"]), now=now)


@registry.sweep("outages.lone", every=timedelta(minutes=1))
def accept_orders(now: datetime) -> int:
    """Accept repair orders for single reports that no order brought, however one is refused; returns how many."""
    accepted = 0
    for outage_id in db.run(lambda: lone.waiting(now)):
        try:
            accepted += db.run(partial(lone.accept_order, outage_id, now=now)) is not None
        except Invalid as refused:
            log.warning("a report without an order cannot have one", outage=outage_id, details=refused.details)
    return accepted


@registry.job(relocating.JOB, backoff=lambda attempt: timedelta(seconds=min(2**attempt, 300)), max_attempts=8)
def locate_again(payload: Mapping[str, Any], now: datetime) -> None:
    """A customer who is out, or reported, has another place in the grid now."""
    relocating.again(int(payload["customer"]), before=payload["before"], now=now)


@registry.job(switching.JOB, backoff=lambda attempt: timedelta(seconds=min(2**attempt, 300)), max_attempts=8)
def follow_structure(_payload: Mapping[str, Any], now: datetime) -> None:
    """Devices came, went or changed while outages are under way."""
    switching.follow_structure(now)
