"""Messages and signals: from outside and from diagrams, to whoever waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.kernel.actor import Actor


def publish(
    message: str,
    *,
    correlation: Mapping[str, Any],
    payload: Mapping[str, Any] | None = None,
    key: str | None = None,
    ttl: timedelta | None = None,
    actor: Actor,
    now: datetime,
) -> list[str]:
    """Give a message to every instance that waits for it, and return their ids.

    `correlation` names values a waiting event asks for (`{"order_id": 5}`,
    `{"business_key": "GD…"}`), or one instance by `{"instance_id": …}`; an event is met
    when all it asks for is there. Where nobody waits, a process whose start event names
    the message is started; else the message is kept for `ttl` (dropped at once without).
    A `key` used before does nothing and returns the same ids again.
    """
    raise NotImplementedError


def broadcast(signal: str, *, payload: Mapping[str, Any] | None = None, actor: Actor, now: datetime) -> list[str]:
    """Give a signal to every instance that waits for it, and return their ids."""
    raise NotImplementedError
