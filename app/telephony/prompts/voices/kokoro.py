"""Kokoro, where the extra `speech` is installed: `pip install lightline[speech]`.

One pipeline a language, made when it is first used and used by one thread at a time: the model is large.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from threading import Lock
from typing import Any

import numpy as np

from app.telephony.prompts.audio import Sound
from app.telephony.prompts.voices.voice import CannotSpeak, Voice

RATE = 24_000
SETTINGS = {"zh": ("z", "zf_xiaoxiao"), "en": ("b", "bf_emma")}
"""Kokoro's code of the language and the voice."""

_one_at_a_time = Lock()


def voice(language: str) -> Voice | None:
    """The voice, None where Kokoro is not installed."""
    if importlib.util.find_spec("kokoro") is None:
        return None
    code, name = SETTINGS[language]
    return Voice(f"kokoro/{name}", lambda text: _speak(text, code, name))


def _speak(text: str, code: str, name: str) -> Sound:
    with _one_at_a_time:
        try:
            parts = [
                np.asarray(audio, dtype=np.float32) for _words, _sounds, audio in _pipeline(code)(text, voice=name)
            ]
        except Exception as failed:  # whatever torch, the model or its download raise: the caller asks another engine
            raise CannotSpeak(f"kokoro: {failed}") from failed
    if not parts:
        raise CannotSpeak("kokoro answered no sound")
    return Sound(np.concatenate(parts), RATE)


@cache
def _pipeline(code: str) -> Any:
    return importlib.import_module("kokoro").KPipeline(lang_code=code)
