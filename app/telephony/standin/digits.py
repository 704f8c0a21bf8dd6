"""play_and_get_digits, as FreeSWITCH does it.

From the first key on the inter-digit timeout rules instead of the first one; a timeout with at least `min`
keys is a success; the invalid sound is played after the last try too; a timeout below a second is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.telephony.standin.leg import Leg


@dataclass(frozen=True, slots=True)
class Wanted:
    """The arguments, split on blanks as the switch splits them."""

    min: int
    max: int
    tries: int
    timeout: float
    terminators: str
    file: str
    invalid: str
    name: str
    pattern: str
    digit_timeout: float


def wanted(argument: str) -> Wanted | None:
    """What is asked for; None where the switch would log a usage and do nothing."""
    parts = argument.split(" ")
    if len(parts) < 9 or not all(part.isdigit() for part in parts[:4]):
        return None
    timeout = max(int(parts[3]), 1000) / 1000
    digit_timeout = max(int(parts[9]), 1000) / 1000 if len(parts) > 9 and parts[9].isdigit() else timeout
    unquoted = [part.strip("'") for part in parts]
    return Wanted(
        min=max(int(parts[0]), 1),
        max=max(int(parts[1]), int(parts[0]), 1),
        tries=max(int(parts[2]), 1),
        timeout=timeout,
        terminators="" if parts[4] == "none" else parts[4],
        file=unquoted[5],
        invalid=unquoted[6],
        name=parts[7],
        pattern=unquoted[8],
        digit_timeout=digit_timeout,
    )


async def run(leg: Leg, argument: str) -> str:
    """The application."""
    asked = wanted(argument)
    if asked is None:
        return "-ERR"
    leg.variables.pop(asked.name, None)
    for _try in range(asked.tries):
        leg.tell("asked", asked.file)
        digits, terminator = await _collect(leg, asked)
        if leg.over():
            return "_none_"
        if terminator:
            leg.variables["read_terminator_used"] = terminator
        if len(digits) >= asked.min:
            leg.variables["read_result"] = "success"
            if not asked.pattern or re.search(asked.pattern, digits):
                leg.variables[asked.name] = digits
                return "_none_"
            leg.variables[f"{asked.name}_invalid"] = digits
        else:
            leg.variables["read_result"] = "failure"
        await leg.play(asked.invalid)
        if leg.over():
            return "_none_"
    return "_none_"


async def _collect(leg: Leg, asked: Wanted) -> tuple[str, str]:
    """Keys of one try and the terminator that ended it."""
    digits = ""
    leg.terminators = asked.terminators
    try:
        key = await leg.play(asked.file, stop_at="any")
        while not leg.over():
            if not key:
                key = await leg.key(asked.digit_timeout if digits else asked.timeout)
            if not key:
                return digits, ""
            if key in asked.terminators:
                return digits, key
            digits, key = digits + key, ""
            if len(digits) >= asked.max:
                return digits, ""
        return digits, ""
    finally:
        leg.terminators = ""
