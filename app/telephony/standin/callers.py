"""Who calls: scripts that press keys at times, and callers that react to what they hear."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.telephony.standin.leg import Leg


class Line:
    """The caller's end of a call: what is heard, keys, speech, hanging up."""

    def __init__(self, leg: Leg) -> None:
        self.leg = leg

    @property
    def over(self) -> bool:
        return bool(self.leg.cause)

    async def wait(self, seconds: float) -> None:
        """Let time pass, at most until the call ends."""
        await self.leg.lasting(seconds)

    async def asked(self) -> str:
        """Wait until keys are wanted; what is played then. Empty where the call ended instead."""
        return await self.leg.until("asked")

    async def heard(self) -> str:
        """Wait for the next thing played (whether keys are wanted or not); empty where the call ended."""
        return await self.leg.until("heard")

    async def recorded(self) -> str:
        """Wait until the caller is asked to speak; empty where the call ended."""
        return await self.leg.until("recorded")

    def press(self, keys: str) -> None:
        for key in keys:
            self.leg.press(key)

    def speak(self, seconds: float) -> None:
        """Be heard for so long from now on."""
        self.leg.speak(seconds)

    def hang_up(self) -> None:
        self.leg.hang_up("NORMAL_CLEARING", by_caller=True)


class Caller(Protocol):
    """Somebody on the line. When `run` returns the caller just stays silent."""

    async def run(self, line: Line) -> None: ...


@dataclass(frozen=True, slots=True)
class Script:
    """A caller that does one thing after another, written as in `Script.read`."""

    steps: Sequence[tuple[str, str]]

    @classmethod
    def read(cls, text: str) -> Script:
        """`asked 1; asked 12345678#; wait 2; press 5; heard; speak 4; recorded; hang up`.

        `asked KEYS` waits until keys are wanted and presses them; `wait` is in seconds.
        """
        steps = []
        for part in re.split(r"[;\n]", text):
            if part.strip():
                word, _blank, rest = part.strip().partition(" ")
                if word not in {"asked", "wait", "press", "heard", "speak", "recorded", "hang"}:
                    raise ValueError(f"no step of a caller: {part.strip()!r}")
                steps.append((word, rest.strip()))
        return cls(tuple(steps))

    async def run(self, line: Line) -> None:
        for word, rest in self.steps:
            if line.over:
                return
            await self._do(line, word, rest)

    async def _do(self, line: Line, word: str, rest: str) -> None:
        match word:
            case "asked":
                if await line.asked():
                    line.press(rest)
            case "wait":
                await line.wait(float(rest))
            case "press":
                line.press(rest)
            case "heard":
                await line.heard()
            case "recorded":
                await line.recorded()
            case "speak":
                line.speak(float(rest))
                await line.wait(float(rest))
            case _:
                line.hang_up()
        await asyncio.sleep(0)
