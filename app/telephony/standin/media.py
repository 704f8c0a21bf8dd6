"""How long what is played lasts, whether it is there, and files that recording leaves behind."""

from __future__ import annotations

import re
import wave
from collections.abc import Callable
from pathlib import Path

_PART = re.compile(r"%\((\d+),(\d+)")
_LOOPS = re.compile(r"loops=(-?\d+)")
RATE = 8000
ENDLESS = 86400.0


def seconds(what: str) -> float | None:
    """How long it plays; None where there is no such file. Endless things last a day."""
    if what in {"", "''"}:
        return 0.0
    kind, marked, rest = what.partition("://")
    return _KINDS[kind](rest) if marked and kind in _KINDS else _file(what)


def _several(rest: str) -> float | None:
    known = [length for part in rest.split("!") if (length := seconds(part)) is not None]
    return sum(known) if known else None


def _silence(rest: str) -> float:
    length = int(rest.split(",", maxsplit=1)[0])
    return ENDLESS if length < 0 else length / 1000


def _tone(rest: str) -> float:
    once = sum(int(on) + int(off) for on, off in _PART.findall(rest)) / 1000
    loops = _LOOPS.search(rest)
    times = int(loops[1]) if loops else 1
    return ENDLESS if times < 0 else once * max(times, 1)


def _file(path: str) -> float | None:
    try:
        with wave.open(path, "rb") as sound:
            return sound.getnframes() / (sound.getframerate() or RATE)
    except (OSError, wave.Error, EOFError):
        return None


_KINDS: dict[str, Callable[[str], float | None]] = {
    "file_string": _several,
    "silence_stream": _silence,
    "tone_stream": _tone,
    "local_stream": lambda _rest: ENDLESS,
}


def record(path: str, length: float) -> int:
    """Leave a recording of silence there; its size. A folder that is not there is an error, as on the switch."""
    with wave.open(path, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(b"\x00\x00" * int(length * RATE))
    return Path(path).stat().st_size
