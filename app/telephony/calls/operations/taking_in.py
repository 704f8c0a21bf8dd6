"""Recordings that the switch has written, taken into our files when their call is over.

The switch writes to the end of the call, also where we are gone; whoever starts again finds the row and the file.
"""

from __future__ import annotations

import wave
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
import structlog

from app.kernel import db, files, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.telephony.calls.models import Call, CallRecording

log = structlog.get_logger(__name__)

KINDS = ("talk", "whole")
AT_ONCE = 20
GIVE_UP = timedelta(days=1)
"""So long after its call a recording is looked for."""

LARGEST = 1024 * 1024 * 1024
"""Bytes: six hours, the longest call, in stereo at 8 kHz and 16 bits are 691 MB."""

HEAD = 44


def take_in(folder: Path, server: str, seen: dict[str, int], *, actor: Actor, now: datetime) -> int:
    """Take in what lies in `folder` of calls of `server` that are over; how many. Each in its own transaction.

    `seen` keeps the sizes at the last look: a file is taken when it has not grown since, for the switch closes it
    a moment after the call.
    """
    waiting = session.execute(
        sa.select(CallRecording.id, CallRecording.path, Call.ended_at)
        .join(Call, Call.id == CallRecording.call_id)
        .where(
            CallRecording.file_id.is_(None),
            CallRecording.path != "",
            CallRecording.kind.in_(KINDS),
            Call.server == server,
            Call.ended_at.is_not(None),
        )
        .order_by(CallRecording.id)
        .limit(AT_ONCE)
    ).all()
    session.rollback()
    taken = 0
    for ident, path, ended_at in waiting:
        file = folder / path
        if not file.is_file():
            if (ended_at or now) + GIVE_UP <= now:
                log.error("a recording was never found", path=path)
                db.run(lambda ident=ident: _lost(ident))  # type: ignore[misc]
            continue
        size = file.stat().st_size
        if seen.get(path) != size:
            seen[path] = size
            continue
        seen.pop(path)
        taken += db.run(lambda ident=ident, file=file: _take(ident, file, actor=actor, now=now))  # type: ignore[misc]
        with suppress(OSError):
            file.unlink()
    return taken


def _take(ident: int, file: Path, *, actor: Actor, now: datetime) -> int:
    row = session.get(CallRecording, ident, with_for_update=True)
    if row is None or row.file_id is not None:
        return 0
    seconds = mended(file)
    if seconds <= 0:  # nobody was joined: there is nothing to hear
        session.delete(row)
        return 0
    with file.open("rb") as sound:
        stored = files.save(sound, file.name, actor=actor, now=now, allowed=files.AUDIO, max_size=LARGEST)
    row.file_id, row.seconds = stored.id, seconds
    live.touch("calls")
    session.flush()
    return 1


def _lost(ident: int) -> None:
    session.execute(sa.update(CallRecording).where(CallRecording.id == ident).values(path=""))


def mended(file: Path) -> float:
    """The length in seconds. The head of a file that was never closed says 0: it is put right by the file's size."""
    size = file.stat().st_size
    if size <= HEAD:
        return 0.0
    try:
        with wave.open(str(file), "rb") as sound:
            a_second = sound.getframerate() * sound.getnchannels() * sound.getsampwidth()
            frames, rate = sound.getnframes(), sound.getframerate()
    except (wave.Error, EOFError):
        return 0.0
    if frames:
        return round(frames / rate, 1)
    with file.open("r+b") as head:
        head.seek(4)
        head.write((size - 8).to_bytes(4, "little"))
        head.seek(40)
        head.write((size - HEAD).to_bytes(4, "little"))
    return round((size - HEAD) / a_second, 1)
