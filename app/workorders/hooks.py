"""What happens to orders, told to the packages above as it is written down.

A follower is called with every sentence of every order's time-line (`operations.trace.event`), in the
transaction that writes it. The kinds that say where a repair stands: `dispatched`, `taken`, `left`,
`arrived`, `surveyed`, `etr`, `progress`, `restored`, `returned`, `reopened`, `cancelled`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of an order: `kind` and `params` as the time-line keeps them; `crew_id` and `etr_at` as they stand."""

    order_id: int
    number: str
    category: str
    kind: str
    params: Mapping[str, Any]
    crew_id: int | None
    etr_at: datetime | None


Follower = Callable[[Happened, Actor, datetime], None]
"""`follower(happened, actor, now)`."""

_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Tell `follower` of every event; once however often it is registered."""
    if follower not in _followers:
        _followers.append(follower)


def tell(happened: Happened, *, actor: Actor, now: datetime) -> None:
    """Tell all followers, in the order of their registration."""
    for follower in _followers:
        follower(happened, actor, now)
