"""Sound as the telephone plays it: 8 kHz, 16 bit, one channel, in WAV."""

from __future__ import annotations

import os
import secrets
import wave
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid

RATE = 8_000
LONGEST = 300.0
"""Seconds of a recording: a caller hangs up long before."""

LOUD = 0.7
"""The highest sample after levelling, of 1: room for the transcoder."""

QUIET = 0.01
"""What lies below this share of the loudest sample counts as silence at the ends."""

Samples = npt.NDArray[np.float32]


class BadSound(Invalid):
    """The file is no WAV we can read: `details["reason"]`."""

    code = "bad_sound"


@dataclass(frozen=True, slots=True)
class Sound:
    """Samples between -1 and 1, and how many of them make a second."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def read(stream: BinaryIO) -> Sound:
    """Read a WAV of 8, 16, 24 or 32 bit PCM, any rate, one or several channels; raises `BadSound`."""
    try:
        with wave.open(stream) as file:
            width, channels, rate, frames = (
                file.getsampwidth(),
                file.getnchannels(),
                file.getframerate(),
                file.getnframes(),
            )
            if not (4_000 <= rate <= 192_000 and 1 <= channels <= 8 and width in {1, 2, 3, 4}):
                raise BadSound(_l("This WAV has a form we cannot read."), reason="form")
            if frames / rate > LONGEST:
                raise BadSound(_l("A recording lasts at most %(minutes)s minutes.", minutes=5), reason="long")
            content = file.readframes(frames)
    except (wave.Error, EOFError, ValueError) as wrong:
        raise BadSound(_l("This is no WAV with PCM sound."), reason="content") from wrong
    whole = len(content) // (width * channels) * width * channels
    samples = _floats(content[:whole], width).reshape(-1, channels).mean(axis=1)
    if not len(samples):
        raise BadSound(_l("The recording is empty."), reason="empty")
    return Sound(samples.astype(np.float32), rate)


def for_telephone(sound: Sound, *, trim: bool = False) -> Sound:
    """The sound at 8 kHz, levelled; with `trim` without the silence at its ends (words that are put together)."""
    samples = _resample(sound.samples, sound.rate)
    peak = float(np.abs(samples).max(initial=0.0))
    if peak > 0:
        samples = samples * (LOUD / peak)
        if trim:
            samples = _trimmed(samples)
    return Sound(samples.astype(np.float32), RATE)


def silence(seconds: float) -> Sound:
    return Sound(np.zeros(int(seconds * RATE), dtype=np.float32), RATE)


def wav(sound: Sound) -> bytes:
    """The bytes of a WAV file of 16 bit."""
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes((np.clip(sound.samples, -1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()


def write(path: Path, content: bytes) -> None:
    """Write aside and rename: a name never shows half a file. World-readable, because FreeSWITCH plays it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        aside.write_bytes(content)
        aside.chmod(0o644)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _floats(content: bytes, width: int) -> npt.NDArray[np.float64]:
    if width == 1:
        return (np.frombuffer(content, dtype=np.uint8).astype(np.float64) - 128) / 128
    if width == 3:
        three = np.frombuffer(content, dtype=np.uint8).reshape(-1, 3)
        padded = np.zeros((len(three), 4), dtype=np.uint8)
        padded[:, 1:] = three
        return np.asarray(padded.reshape(-1).view("<i4"), dtype=np.float64) / 2**31
    return np.asarray(np.frombuffer(content, dtype=f"<i{width}"), dtype=np.float64) / 2.0 ** (8 * width - 1)


def _resample(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    """To 8 kHz: what the new rate cannot carry is taken out first (windowed sinc), then read off between samples."""
    found = samples.astype(np.float64)
    if rate == RATE:
        return found
    if rate > RATE:
        found = np.convolve(found, _low_pass(3_600 / rate, int(rate / RATE * 32) * 2 + 1), mode="same")
    count = max(1, round(len(found) * RATE / rate))
    return np.asarray(np.interp(np.arange(count) * rate / RATE, np.arange(len(found)), found), dtype=np.float64)


def _low_pass(cut: float, length: int) -> npt.NDArray[np.float64]:
    """A low-pass of this many taps; `cut` is the edge as a share of the rate."""
    places = np.arange(length) - (length - 1) / 2
    taps = np.sinc(2 * cut * places) * np.hamming(length)
    return np.asarray(taps / taps.sum(), dtype=np.float64)


def _trimmed(samples: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    loud = np.flatnonzero(np.abs(samples) > QUIET * LOUD)
    margin = int(0.02 * RATE)
    return samples[max(0, int(loud[0]) - margin) : int(loud[-1]) + margin] if len(loud) else samples
