"""What is played: each piece as files, a speaker's recordings first, renderings else."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import sqlalchemy as sa
import structlog

from app.kernel import db, files, live
from app.telephony.ivr.pieces import Piece, Prompt, Spoken, Text
from app.telephony.prompts import audio, rendering
from app.telephony.prompts.models import PromptRecording
from app.telephony.prompts.texts import SAY, UnknownPrompt, text_of
from app.telephony.prompts.voices import CannotSpeak
from app.telephony.speech import CannotSay, compose
from app.telephony.speech.recordings import PAUSES

log = structlog.get_logger(__name__)

TOPIC = "prompts"
FRESH = 3.0
"""Seconds after which we look whether a recording came or went: a call hears it from then on."""


def files_of(pieces: Iterable[Piece], language: str) -> list[Path]:
    """Every piece as 8 kHz WAV files in the order they are played; see `app.telephony.prompts`."""
    return [path for piece in pieces for path in _piece(piece, language)]


def file_of(key: str, language: str) -> Path:
    """The file of a prompt or of a recording of numbers. Raises `UnknownPrompt`, `CannotSpeak`."""
    name = key.removeprefix(SAY)
    if key.startswith(SAY) and name in PAUSES:
        return rendering.pause(name)
    uploaded = _uploads.current().get((language, key))
    if uploaded is not None and (path := _played(uploaded)) is not None:
        return path
    return rendering.render(text_of(key, language), language, trim=key.startswith(SAY))


def recordings_in_force() -> dict[tuple[str, str], PromptRecording]:
    """The newest row of each key and language that has any, withdrawn ones too, by (language, key)."""
    newest = sa.select(sa.func.max(PromptRecording.id)).group_by(PromptRecording.language, PromptRecording.key)
    rows = db.session.scalars(sa.select(PromptRecording).where(PromptRecording.id.in_(newest)))
    return {(row.language, row.key): row for row in rows}


def _piece(piece: Piece, language: str) -> list[Path]:
    """A piece that cannot be said is left out and logged: a call goes on."""
    try:
        match piece:
            case Prompt(key, own):
                return [file_of(key, own or language)]
            case Text(text):
                return _words(text, language)
            case Spoken("text", value):
                return _words(str(value), language)
            case Spoken(kind, value):
                return [file_of(SAY + name, language) for name in compose(kind, value, language)]
    except (UnknownPrompt, CannotSay, CannotSpeak) as missing:
        log.error("prompts.cannot_say", piece=type(piece).__name__, language=language, error=str(missing)[:200])
    return []


def _words(text: str, language: str) -> list[Path]:
    said = " ".join(text.split())
    return [rendering.render(said, language)] if said else []


def _played(file_id: int) -> Path | None:
    """The uploaded file where FreeSWITCH may read it; None where its content is lost."""
    path = rendering.folder() / "uploaded" / f"{file_id}.wav"
    if not path.is_file():
        try:
            audio.write(path, files.open_file(file_id).path.read_bytes())
        except (files.FileNotFound, OSError) as lost:
            log.error("prompts.recording_lost", file=file_id, error=str(lost))
            return None
    return path


@dataclass(slots=True)
class _Uploads:
    """The file ids of the recordings in force, kept in the process and looked at again when the topic rose."""

    known: dict[str, tuple[float, int, Mapping[tuple[str, str], int]]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def current(self) -> Mapping[tuple[str, str], int]:
        """The database that cannot be asked leaves what was known: prompts go on playing."""
        where = str(db.db.engine.url)
        at, version, found = self.known.get(where, (0.0, -1, {}))
        if at and time.monotonic() - at < FRESH:
            return found
        with self.lock:
            try:
                now_at = live.versions([TOPIC])[TOPIC]
                if now_at != version:
                    found = _file_ids()
                self.known[where] = (time.monotonic(), now_at, found)
            except Exception as away:
                if not db.is_unavailable(away):
                    raise
                self.known[where] = (time.monotonic(), version, found)
        return found

    def forget(self) -> None:
        self.known.clear()


_uploads = _Uploads()
forget = _uploads.forget


def _file_ids() -> dict[tuple[str, str], int]:
    newest = sa.select(sa.func.max(PromptRecording.id)).group_by(PromptRecording.language, PromptRecording.key)
    query = sa.select(PromptRecording.language, PromptRecording.key, PromptRecording.file_id).where(
        PromptRecording.id.in_(newest), PromptRecording.withdrawn.is_(False), PromptRecording.file_id.is_not(None)
    )
    with db.db.engine.connect() as connection:
        return {(language, key): file_id for language, key, file_id in connection.execute(query) if file_id}
