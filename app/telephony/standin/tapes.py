"""Recordings of a channel: what would be on them, as sound that tests can tell from silence.

`record_session`, `stop_record_session` and the masks as in FreeSWITCH's source (switch_ivr_async.c: with
`RECORD_BRIDGE_REQ` only what is said while two are joined, a masked part is written as silence); the file is
closed by the end of the call.
"""

from __future__ import annotations

import wave
from dataclasses import dataclass, field
from pathlib import Path

from app.telephony.standin.media import RATE

SOUND, SILENCE = b"\x10\x10", b"\x00\x00"


@dataclass(slots=True)
class Tape:
    """One recording. `parts` are seconds with whether they are heard; `bridged` records only while two are joined."""

    path: str
    bridged: bool
    channels: int
    masked: bool = False
    parts: list[tuple[float, bool]] = field(default_factory=list)
    since: float | None = None

    def runs(self, now: float, running: bool) -> None:
        """Whether sound comes in from now on."""
        if self.since is not None:
            self.parts.append((now - self.since, not self.masked))
        self.since = now if running else None

    @property
    def seconds(self) -> float:
        return sum(length for length, _heard in self.parts)

    def close(self) -> None:
        """Write the file."""
        with wave.open(self.path, "wb") as sound:
            sound.setnchannels(self.channels)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            for length, heard in self.parts:
                sound.writeframes((SOUND if heard else SILENCE) * self.channels * int(length * RATE))


class Tapes:
    """All recordings of a channel."""

    def __init__(self) -> None:
        self.running: dict[str, Tape] = {}
        self._joined = False

    def start(self, path: str, *, now: float, bridged: bool, stereo: bool) -> None:
        """As on the switch, a folder that is not there is made no file in."""
        tape = self.running.setdefault(path, Tape(path, bridged, 2 if stereo else 1))
        tape.runs(now, self._joined or not bridged)

    def joined(self, now: float, joined: bool) -> None:
        self._joined = joined
        for tape in self.running.values():
            tape.runs(now, joined or not tape.bridged)

    def mask(self, path: str, *, now: float, masked: bool) -> bool:
        """Whether there is such a recording."""
        tape = self.running.get(path)
        if tape is None:
            return False
        tape.runs(now, tape.since is not None)
        tape.masked = masked
        return True

    def stop(self, path: str, *, now: float, writes: bool) -> None:
        tape = self.running.pop(path, None)
        if tape is not None:
            tape.runs(now, running=False)
            if writes and Path(path).parent.is_dir():
                tape.close()

    def end(self, *, now: float, writes: bool) -> None:
        """The call is over."""
        for path in list(self.running):
            self.stop(path, now=now, writes=writes)
