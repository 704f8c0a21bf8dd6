"""Words as files: rendered once for each voice and text, found again by their hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

import structlog

from app.kernel import settings
from app.telephony.prompts import audio
from app.telephony.prompts.voices import CannotSpeak, espeak, voice_of
from app.telephony.prompts.voices.voice import Voice
from app.telephony.speech.recordings import PAUSES

log = structlog.get_logger(__name__)

VERSION = 1
"""Raised when what `audio` makes of a voice changes: everything is rendered anew."""

SAFETY_LIMIT = 2_000


def folder() -> Path:
    """Where renderings lie. The ivr servers and FreeSWITCH must read it: one machine, or one shared folder."""
    return settings.current().instance / "prompts"


def path_of(text: str, language: str, *, trim: bool = False) -> Path:
    """Where the rendering of a text lies, whether it is there or not."""
    return _path(text, voice_of(language), trim)


def is_rendered(text: str, language: str, *, trim: bool = False) -> bool:
    return path_of(text, language, trim=trim).is_file()


def render(text: str, language: str, *, trim: bool = False) -> Path:
    """The file that says a text; made now where it is not there. Raises `CannotSpeak`.

    `trim` takes the silence from both ends: for words that are put together. Where the better
    engine fails, espeak-ng speaks, under its own name, so that the better one is tried again.
    """
    voice = voice_of(language)
    path = _path(text, voice, trim)
    if path.is_file():
        return path
    try:
        sound = voice.speak(text[:SAFETY_LIMIT])
    except CannotSpeak as failed:
        plain = espeak.voice(language)
        if plain.name == voice.name:
            raise
        log.warning("prompts.voice_failed", voice=voice.name, error=str(failed))
        path = _path(text, plain, trim)
        sound = plain.speak(text[:SAFETY_LIMIT])
    audio.write(path, audio.wav(audio.for_telephone(sound, trim=trim)))
    return path


def pause(name: str) -> Path:
    """The file of a silence."""
    seconds = PAUSES[name]
    path = folder() / f"silence-{int(seconds * 1000)}.wav"
    if not path.is_file():
        audio.write(path, audio.wav(audio.silence(seconds)))
    return path


def _path(text: str, voice: Voice, trim: bool) -> Path:
    meaning = "\0".join((str(VERSION), voice.name, "trimmed" if trim else "", text))
    name = hashlib.sha256(meaning.encode()).hexdigest()[:40]
    return folder() / name[:2] / f"{name}.wav"
