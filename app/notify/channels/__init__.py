"""The ways out of the house: each channel takes a message and says what became of it.

`register(name, sender)` adds one: mail and text messages are here, fax and phone are handed
over by telephony, which registers itself. A sender is called outside any transaction; it
may be called again with the same key after a crash and must carry that key outside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class Undeliverable(Exception):
    """It can never arrive (no such address, refused): no further attempt. The text is for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What goes out. `to` is an address or number as the channel understands it; `key` names it for good."""

    channel: str
    to: str
    subject: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state` is `sent`, or `handed` where another system reports later (`deliveries.report`).

    `ref` is the other side's word for it.
    """

    state: str
    ref: str = ""


Sender = Callable[[Message], Outcome]
"""Raises `Undeliverable` for good, any other exception to be tried again."""

_senders: dict[str, Sender] = {}


def register(name: str, sender: Sender) -> None:
    """Add or replace the sender of a channel."""
    _senders[name] = sender


def registered() -> frozenset[str]:
    """The channels that have a sender."""
    return frozenset(_senders)


def sender(name: str) -> Sender:
    """The sender of a channel. Raises `Undeliverable` where there is none."""
    try:
        return _senders[name]
    except KeyError:
        raise Undeliverable(f"no channel {name}") from None
