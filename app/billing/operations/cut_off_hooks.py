"""Supply cut off for arrears, and given back: told to the packages above in the transaction that does it.

A follower is called as `follower(told, actor=, now=)` with `told.state` `cut` or `restored`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class CutOff:
    """Which customer, by which notice (`number`), and what happened."""

    customer_id: int
    number: str
    state: str


class Follower(Protocol):
    def __call__(self, told: CutOff, /, *, actor: Actor, now: datetime) -> None: ...


_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Tell `follower` from now on; once however often it is registered."""
    if follower not in _followers:
        _followers.append(follower)


def tell(told: CutOff, *, actor: Actor, now: datetime) -> None:
    """Tell all followers."""
    for follower in _followers:
        follower(told, actor=actor, now=now)
