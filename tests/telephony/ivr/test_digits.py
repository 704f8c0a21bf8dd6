"""Taking keys: timeouts, lengths, terminators, barge-in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.telephony.ivr.commands import Gather
from app.telephony.ivr.digits import Collector, collect
from app.telephony.ivr.events import Digits, NoInput, WrongInput
from app.telephony.ivr.pieces import Prompt


def gather(**values: object) -> Gather:
    given: dict[str, object] = {"min": 1, "max": 1, **values}
    return Gather(id=7, flow="f", node="n", pieces=(Prompt("ask"),), language="zh", **given)  # type: ignore[arg-type]


def typed(wanted: Gather, keys: str) -> tuple[Collector, object]:
    collector, taken = collect(wanted, 0)
    collector = collector.played(0)
    for place, key in enumerate(keys, start=1):
        assert taken is None
        collector, taken = collector.press(key, place)
    return collector, taken


def test_the_greatest_length_ends_the_input_at_once() -> None:
    assert typed(gather(max=4), "1234")[1] == Digits("1234", "", 7)


def test_a_terminator_ends_the_input_and_is_not_part_of_it() -> None:
    assert typed(gather(max=10, terminators="#*"), "123#")[1] == Digits("123", "#", 7)
    assert typed(gather(max=10, terminators="#*"), "*")[1] == Digits("", "*", 7)


def test_the_first_digit_timeout_gives_way_to_the_one_between_digits() -> None:
    collector, _taken = collect(gather(max=10, first_timeout=9, digit_timeout=2), 0)
    collector = collector.played(10)
    assert collector.deadline == 19
    collector, _taken = collector.press("1", 18)
    assert collector.deadline == 20
    collector, _taken = collector.press("2", 19.5)
    assert collector.deadline == 21.5


def test_a_timeout_with_enough_digits_is_an_input_and_with_fewer_a_wrong_one() -> None:
    assert typed(gather(min=3, max=10), "123")[0].expired() == Digits("123", "", 7)
    assert typed(gather(min=3, max=10), "12")[0].expired() == WrongInput("12", 7)
    assert typed(gather(min=3, max=10), "")[0].expired() == NoInput(7)


def test_too_few_digits_before_the_terminator_are_wrong() -> None:
    assert typed(gather(min=3, max=10, terminators="#"), "12#")[1] == WrongInput("12", 7)


def test_a_pattern_is_held_against_the_whole_input() -> None:
    assert typed(gather(min=1, max=4, pattern="[1-3]{4}"), "1239")[1] == WrongInput("1239", 7)
    assert typed(gather(min=1, max=4, pattern="[1-3]{4}"), "1233")[1] == Digits("1233", "", 7)


@pytest.mark.parametrize("pattern", ["(", "(1+)+$x"])
def test_a_pattern_that_is_none_or_never_ends_matches_nothing(pattern: str) -> None:
    assert typed(gather(max=30, terminators="#", pattern=pattern), "1" * 29 + "#")[1] == WrongInput("1" * 29, 7)


def test_without_barge_in_keys_are_thrown_away_while_it_plays() -> None:
    collector, _taken = collect(gather(max=4, barge_in=False), 0)
    collector, taken = collector.press("1", 1)
    assert (collector.value, taken, collector.playing) == ("", None, True)
    collector, _taken = collector.played(5).press("2", 6)
    assert collector.value == "2"


def test_with_barge_in_a_key_ends_what_plays_and_the_end_of_it_changes_no_deadline() -> None:
    collector, _taken = collect(gather(max=4, digit_timeout=3), 0)
    collector, _taken = collector.press("1", 1)
    assert not collector.playing
    assert collector.played(2).deadline == 4


def test_keys_typed_ahead_count_first() -> None:
    assert collect(gather(max=2, typed="12"), 0)[1] == Digits("12", "", 7)
    assert collect(gather(max=2, typed="12", barge_in=False), 0)[1] is None
    collector, taken = collect(gather(max=3, typed="12"), 5)
    assert (collector.value, taken, collector.deadline) == ("12", None, 8)


@given(
    keys=st.text("0123456789*#x€", max_size=40),
    low=st.integers(1, 6),
    more=st.integers(0, 6),
    terminators=st.sampled_from(["", "#", "*#"]),
    barge_in=st.booleans(),
)
def test_never_fewer_than_min_never_more_than_max(
    keys: str, low: int, more: int, terminators: str, barge_in: bool
) -> None:
    wanted = gather(min=low, max=low + more, terminators=terminators, barge_in=barge_in)
    collector, taken = collect(wanted, 0)
    for at, key in enumerate(keys):
        if taken is None:
            collector, taken = collector.press(key, at)
    taken = taken or collector.expired()
    if isinstance(taken, Digits) and not (taken.terminator and not taken.value):
        assert low <= len(taken.value) <= low + more
        assert not set(taken.value) & set(terminators)
