"""A device's clock that runs ahead, behind, or was right and without signal."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.workorders.device_clock import instant_of
from tests.conftest import START

MINUTE = timedelta(minutes=1)
TRUST = 30 * MINUTE


def test_without_a_device_time_it_is_now() -> None:
    assert instant_of(None, START, trust=TRUST) == START


def test_a_clock_ahead_counts_as_now() -> None:
    assert instant_of(START + 90 * MINUTE, START, trust=TRUST) == START


def test_a_place_kept_without_signal_is_believed_for_a_while() -> None:
    assert instant_of(START - 20 * MINUTE, START, trust=TRUST) == START - 20 * MINUTE
    assert instant_of(START - 300 * MINUTE, START, trust=TRUST) == START


minutes = st.integers(-100_000, 100_000).map(lambda n: n * MINUTE)


@given(error=minutes, age=st.integers(0, 5000).map(lambda n: n * MINUTE))
def test_what_the_clock_showed_when_it_sent_takes_off_any_error(error: timedelta, age: timedelta) -> None:
    sent = START + error
    assert instant_of(sent - age, START, trust=TRUST, sent_at=sent) == START - age


@given(device=minutes, sent=st.none() | minutes)
def test_nothing_happens_in_the_future(device: timedelta, sent: timedelta | None) -> None:
    sent_at = START + sent if sent is not None else None
    assert instant_of(START + device, START, trust=TRUST, sent_at=sent_at) <= START
