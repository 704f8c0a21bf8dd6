"""A process remembers which recordings are in force: each test begins without."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator

import numpy as np
import pytest

from app.telephony.prompts import library


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    library.forget()
    yield
    library.forget()


def tone(seconds: float = 0.5, *, rate: int = 44_100, channels: int = 2, width: int = 2, pitch: float = 440) -> bytes:
    """A WAV of a tone."""
    at = np.arange(int(seconds * rate)) / rate
    samples = np.repeat(0.5 * np.sin(2 * np.pi * pitch * at), channels)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        if width == 1:
            file.writeframes(((samples + 1) * 127).astype(np.uint8).tobytes())
        elif width == 3:
            four = (samples * (2**31 - 1)).astype("<i4").view(np.uint8).reshape(-1, 4)
            file.writeframes(four[:, 1:].tobytes())
        else:
            file.writeframes((samples * (2 ** (8 * width - 1) - 1)).astype(f"<i{width}").tobytes())
    return out.getvalue()
