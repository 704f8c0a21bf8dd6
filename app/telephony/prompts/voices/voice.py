"""What a speech engine offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.telephony.prompts.audio import Sound


class CannotSpeak(RuntimeError):
    """The engine is absent, took too long or failed."""


@dataclass(frozen=True, slots=True)
class Voice:
    """`name` tells engine, voice and settings apart: another name, another rendering. `speak` raises `CannotSpeak`."""

    name: str
    speak: Callable[[str], Sound]
