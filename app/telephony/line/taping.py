"""Recording the caller's talk with an agent, or the whole call (通话录音).

FreeSWITCH records (`record_session`, in stereo) into a folder that we read; a talk is recorded while two are
joined (`RECORD_BRIDGE_REQ`; src: switch_ivr_async.c), so that neither music nor keys are on it. While a masked
input is keyed the recording is silent (`record_session_mask`), and people may ask for silence (`calls` pauses).
What cannot be silenced is ended: rather no recording than a password on it. The file is taken in after the call.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import structlog

from app.telephony.calls import CallLog
from app.telephony.esl import Channel, Injection, Refused, TimedOut
from app.telephony.line.house import House

log = structlog.get_logger(__name__)

LIMIT = 10.0
FAILURES = (TimedOut, Refused, Injection)
"""What may come of an application that goes wrong; a connection that breaks ends the session, and is not here."""

Kind = Literal["talk", "whole"]


@dataclass(slots=True)
class Tape:
    """A recording that runs: `silent` while nothing may be heard on it."""

    kind: Kind
    path: Path
    silent: bool = False


@dataclass(slots=True)
class Tapes:
    """The recording of one call; one at a time: where the whole call is recorded, no talk is recorded again."""

    channel: Channel
    house: House
    record: CallLog
    path_for: Callable[[str, int], Path]
    tape: Tape | None = field(default=None)
    made: int = 0

    async def begin(self, kind: Kind) -> None:
        """Record from now on; a talk from when two are joined. A call goes on where it cannot be recorded."""
        if self.tape is not None or not self.channel.alive:
            return
        self.made += 1
        path = self.path_for(kind, self.made)
        try:
            await self.channel.set("RECORD_STEREO", "true")
            await self.channel.set("RECORD_BRIDGE_REQ", "true" if kind == "talk" else "false")
            result = await self.channel.execute("record_session", str(path), timeout=LIMIT)
        except FAILURES as failed:
            self._failed("a call could not be recorded", failed)
            return
        if result.alive:
            self.tape = Tape(kind, path)
            self.house.live.recordings += 1
            where = path.relative_to(self.house.telephony.recordings.resolve())
            self.record.recorded(kind=kind, name="", file_id=None, path=str(where), seconds=0.0, at=self.house.now())

    async def end(self, kind: Kind) -> None:
        """Record no more. A call that is over has ended its recording itself."""
        tape = self.tape
        if tape is None or tape.kind != kind:
            return
        self.tape = None
        if self.channel.alive:
            with suppress(*FAILURES):
                await self.channel.execute("stop_record_session", str(tape.path), timeout=LIMIT)

    @asynccontextmanager
    async def silence(self, *, wanted: bool) -> AsyncIterator[None]:
        """Nothing is heard on the recording meanwhile."""
        hush = wanted and self.tape is not None and not self.tape.silent
        if hush:
            await self._mask(True)
        try:
            yield
        finally:
            if hush and self.tape is not None and self.channel.alive:
                await self._mask(False)

    async def _mask(self, silent: bool) -> None:
        tape = self.tape
        if tape is None or not self.channel.alive:
            return
        try:
            await self.channel.execute(f"record_session_{'' if silent else 'un'}mask", str(tape.path), timeout=LIMIT)
            tape.silent = silent
        except FAILURES as failed:
            self._failed("a recording could not be silenced and is ended", failed)
            await self.end(tape.kind)

    async def pause(self, silent: bool) -> bool:
        """Silence the recording while people talk, or let it be heard again, by the link; whether it was done."""
        tape, link = self.tape, self.house.link
        if tape is None or link is None or not link.up or not self.channel.alive:
            return False
        try:
            word = "mask" if silent else "unmask"
            await link.api(f"uuid_record {self.channel.uuid} {word} {tape.path}", timeout=LIMIT)
        except FAILURES as failed:
            self._failed("a recording could not be paused", failed)
            return False
        tape.silent = silent
        return True

    def _failed(self, what: str, why: Exception) -> None:
        self.house.live.recordings_failed += 1
        self.record.remark("recording failed")
        log.error(what, call=self.channel.uuid, error=str(why))
