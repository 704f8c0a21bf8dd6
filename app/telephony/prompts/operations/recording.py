"""A speaker's recording comes in, or is taken back."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import audit, files, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.telephony.prompts import audio
from app.telephony.prompts.library import TOPIC, recordings_in_force
from app.telephony.prompts.models import PromptRecording
from app.telephony.prompts.texts import SAY, UnknownPrompt, text_of

RIGHT = "ivr.prompts"
MOST_BYTES = 20 * 1024 * 1024


class NoSuchPrompt(NotFound):
    code = "no_such_prompt"


def upload(key: str, language: str, stream: BinaryIO, *, filename: str, actor: Actor, now: datetime) -> PromptRecording:
    """Play this WAV from now on; it is converted to 8 kHz mono. Raises `BadSound`, `FileRefused`, `NoSuchPrompt`."""
    authority.require(actor, RIGHT, unit_path=None, now=now)
    text = _text(key, language)
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise audio.BadSound(_l("A recording has at most 20 MB."), reason="size")
    sound = audio.for_telephone(audio.read(BytesIO(content)), trim=key.startswith(SAY))
    name = f"{filename.rsplit('.', 1)[0] or 'prompt'}.wav"
    stored = files.save(BytesIO(audio.wav(sound)), name, actor=actor, now=now, allowed=files.AUDIO)
    row = PromptRecording(
        key=key, language=language, file_id=stored.id, text=text, seconds=sound.seconds, at=now, by=actor.ref
    )
    return _keep(row, "prompt.recorded", actor=actor, now=now)


def withdraw(key: str, language: str, *, actor: Actor, now: datetime) -> None:
    """Back to the rendering; nothing where there is no recording in force."""
    authority.require(actor, RIGHT, unit_path=None, now=now)
    row = recordings_in_force().get((language, key))
    if row is None or row.withdrawn:
        return
    back = PromptRecording(key=key, language=language, withdrawn=True, text=row.text, at=now, by=actor.ref)
    _keep(back, "prompt.withdrawn", actor=actor, now=now)


def _text(key: str, language: str) -> str:
    try:
        return text_of(key, language)
    except (UnknownPrompt, OSError) as unknown:
        raise NoSuchPrompt(_l("There is no prompt %(key)s.", key=key)) from unknown


def _keep(row: PromptRecording, action: str, *, actor: Actor, now: datetime) -> PromptRecording:
    session.add(row)
    session.flush()
    details = {"key": row.key, "language": row.language}
    audit.record(action, actor=actor, now=now, subject_type="prompt", subject_id=row.key, details=details)
    live.touch(TOPIC)
    return row
