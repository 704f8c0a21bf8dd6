"""espeak-ng as a process of its own: bounded in time, its text by standard input, never through a shell.

Its Chinese voice reads characters badly; fed with pinyin (pypinyin) it reads them rightly.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO
from typing import Any, cast

from app.telephony.prompts.audio import BadSound, Sound, read
from app.telephony.prompts.voices.voice import CannotSpeak, Voice

TIMEOUT = 20.0
"""Seconds: the longest prompt takes less than one."""

LONGEST = 2_000
SETTINGS = {"zh": ("cmn-latn-pinyin", 160), "en": ("en-gb", 150)}
"""Voice and words a minute."""

_PAUSES = str.maketrans("，。！？；：、（）“”《》—…", ",.!?;:,,,  ,,,,")


def voice(language: str) -> Voice:
    name, speed = SETTINGS[language]
    return Voice(f"espeak-ng/{name}/{speed}", lambda text: _speak(_spelling(text, language), name, speed))


def pinyin(text: str) -> str:
    """Chinese as espeak's pinyin voice reads it: syllables with tone numbers, digits one by one."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - 55 MB of dictionaries, for those who render only

    spelled = re.sub(r"\d", lambda digit: _digit(digit[0]), text)
    syllables = lazy_pinyin(spelled, style=Style.TONE3, neutral_tone_with_five=True, errors=cast(Any, _foreign))
    return re.sub(r"\s+([,.!?;:])", r"\1", " ".join(syllables)).strip()


def _digit(digit: str) -> str:
    """A digit in a text is read one by one, as in 95598; 1 as 一."""
    return "零一二三四五六七八九"[int(digit)]


def _foreign(text: str) -> list[str]:
    """What is no Chinese: pauses, and letters one by one so that they are spelled."""
    return [part if len(part) == 1 else " ".join(part) for part in text.translate(_PAUSES).split()]


def _spelling(text: str, language: str) -> str:
    return pinyin(text) if language == "zh" else text


def _speak(spelled: str, name: str, speed: int) -> Sound:
    engine = shutil.which("espeak-ng")
    if engine is None:
        raise CannotSpeak("espeak-ng is not installed (Debian: apt install espeak-ng)")
    command = [engine, "-v", name, "-s", str(speed), "-b", "1", "--stdin", "--stdout"]
    try:
        done = subprocess.run(  # noqa: S603 - our own list of arguments; the text goes in by standard input
            command, input=spelled[:LONGEST].encode(), capture_output=True, timeout=TIMEOUT, check=True
        )
    except (subprocess.SubprocessError, OSError) as failed:
        raise CannotSpeak(f"espeak-ng: {failed}") from failed
    try:
        return read(BytesIO(_whole(done.stdout)))
    except BadSound as silent:
        raise CannotSpeak("espeak-ng answered no sound") from silent


def _whole(content: bytes) -> bytes:
    """espeak writes the greatest length into a stream's head; the true ones, so that the head may be believed."""
    if content[:4] != b"RIFF" or len(content) < 44:
        return content
    size, data = len(content), content.find(b"data", 12, 200)
    if data < 0:
        return content
    head = content[:4] + (size - 8).to_bytes(4, "little") + content[8 : data + 4]
    return head + (size - data - 8).to_bytes(4, "little") + content[data + 8 :]
