"""The ways out of the house: each channel takes a message and says what became of it.

`register(name, sender)` adds one: mail and text messages are here, fax and phone are handed
over by telephony, which registers itself. A sender is called outside any transaction; it
may be called again with the same key after a crash and must carry that key outside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


class Undeliverable(Exception):
    """It can never arrive (no such address, refused): no further attempt.

    The text is for the log, `reason` (of `notify.failures.REASONS`) for whoever mends it.
    """

    def __init__(self, text: str, *, reason: str = "refused") -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What goes out. `to` is an address or number as the channel understands it; `key` names it for good."""

    channel: str
    to: str
    subject: str
    text: str
    key: str
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state` is `sent`, or `handed` where another system reports later (`deliveries.report`).

    `ref` is the other side's word for it.
    """

    state: str
    ref: str = ""


Sender = Callable[[Message], Outcome]
"""Raises `Undeliverable` for good, any other exception to be tried again."""

Recall = Callable[[str, datetime], None]
"""`recall(key, now)`: what was handed over shall not go out; called in the caller's transaction."""

_senders: dict[str, Sender] = {}
_recalls: dict[str, Recall] = {}


def register(name: str, sender: Sender, *, recall: Recall | None = None) -> None:
    """Add or replace the sender of a channel; `recall` where what it hands over waits somewhere."""
    _senders[name] = sender
    _recalls.pop(name, None)
    if recall is not None:
        _recalls[name] = recall


def recall(name: str, key: str, *, now: datetime) -> None:
    """Take back what a channel was handed under this key, where the channel keeps it."""
    if (found := _recalls.get(name)) is not None:
        found(key, now)


def registered() -> frozenset[str]:
    """The channels that have a sender."""
    return frozenset(_senders)


def sender(name: str) -> Sender:
    """The sender of a channel. Raises `Undeliverable` where there is none."""
    try:
        return _senders[name]
    except KeyError:
        raise Undeliverable(f"no channel {name}", reason="not_set_up") from None
