"""Sound is what the telephone plays, whatever came in."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.telephony.prompts import audio
from tests.telephony.prompts.conftest import tone


def loudest_pitch(sound: audio.Sound) -> float:
    spectrum = np.abs(np.fft.rfft(sound.samples))
    return float(np.argmax(spectrum) * sound.rate / len(sound.samples))


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize(("channels", "width"), [(1, 1), (2, 2), (1, 3), (2, 4)])
def test_any_wav_becomes_eight_kilohertz(rate: int, channels: int, width: int) -> None:
    found = audio.for_telephone(audio.read(io.BytesIO(tone(rate=rate, channels=channels, width=width))))
    assert found.rate == 8_000
    assert found.seconds == pytest.approx(0.5, abs=0.01)
    assert loudest_pitch(found) == pytest.approx(440, abs=5)
    assert float(np.abs(found.samples).max()) == pytest.approx(audio.LOUD, abs=0.01)
    with wave.open(io.BytesIO(audio.wav(found))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8_000)


def test_what_the_telephone_cannot_carry_is_taken_out() -> None:
    """A tone of 6 kHz would be heard as one of 2 kHz if it were only read off."""
    mixed = audio.read(io.BytesIO(tone(pitch=440, channels=1)))
    high = audio.read(io.BytesIO(tone(pitch=6_000, channels=1)))
    found = audio.for_telephone(audio.Sound(mixed.samples + high.samples, mixed.rate))
    spectrum = np.abs(np.fft.rfft(found.samples))
    at = lambda pitch: spectrum[round(pitch * len(found.samples) / 8_000)]  # noqa: E731
    assert at(2_000) < at(440) / 100


def test_silence_at_the_ends_is_taken_from_words() -> None:
    quiet = np.zeros(8_000, dtype=np.float32)
    word = audio.read(io.BytesIO(tone(0.2, rate=8_000, channels=1))).samples
    sound = audio.Sound(np.concatenate([quiet, word, quiet]), 8_000)
    assert audio.for_telephone(sound, trim=True).seconds == pytest.approx(0.24, abs=0.01)
    assert audio.for_telephone(audio.Sound(quiet, 8_000), trim=True).seconds == 1


@given(st.binary(max_size=300))
def test_anything_else_is_refused(content: bytes) -> None:
    for head in (b"", b"RIFF\x24\x00\x00\x00WAVEfmt "):
        try:
            audio.read(io.BytesIO(head + content))
        except audio.BadSound:
            continue


def test_too_long_and_empty_recordings_are_refused() -> None:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(4_000)
        file.writeframes(bytes(4_000 * 301))
    with pytest.raises(audio.BadSound) as refused:
        audio.read(io.BytesIO(out.getvalue()))
    assert refused.value.details["reason"] == "long"
    with pytest.raises(audio.BadSound) as refused:
        audio.read(io.BytesIO(tone(0)))
    assert refused.value.details["reason"] == "empty"
