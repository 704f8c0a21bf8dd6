"""What happened to a call: the answer to a waiting command, or the caller hanging up.

`command_id` names the command that is answered; 0 stands for whichever waits. An answer to a command that no
longer waits changes nothing. Nothing an event holds is believed: the interpreter checks digits, lengths and
results again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Done:
    """A command was carried out. `result` is what its docstring in `commands` promises, plain JSON values."""

    command_id: int = 0
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """A command could not be carried out: `error` is a code (`timeout`, `unavailable`, `refused`, `not_found`, …).

    `timeout` of a lookup, webhook or any other command with a time limit is also said so.
    """

    command_id: int = 0
    error: str = "failed"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Digits:
    """Keys the caller pressed for a `Gather`: at least one digit, or a terminator alone.

    `value` is without the terminator; `terminator` is the key that ended the input, or empty where the greatest
    length or the inter-digit timeout ended it (with at least `min` digits).
    """

    value: str = ""
    terminator: str = ""
    command_id: int = 0


@dataclass(frozen=True, slots=True)
class NoInput:
    """The first-digit timeout ran out: the caller pressed nothing."""

    command_id: int = 0


@dataclass(frozen=True, slots=True)
class WrongInput:
    """The input did not fit: too few digits when the inter-digit timeout ran out, or against the pattern."""

    value: str = ""
    command_id: int = 0


@dataclass(frozen=True, slots=True)
class Hangup:
    """The caller is gone. Only steps that need no caller (`on_hangup`) follow."""

    cause: str = "NORMAL_CLEARING"


Event = Done | Failed | Digits | NoInput | WrongInput | Hangup
