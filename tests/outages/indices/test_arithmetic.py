"""The arithmetic of indices against examples computed by hand, and what must hold of any interruptions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.clock import LOCAL
from app.outages.indices.counting import Interruption, count, packed, unpacked
from app.outages.indices.figures import dlt836, ieee
from app.outages.indices.major import major_days, threshold
from app.outages.indices.periods import parts

MOMENTARY = 5.0
YEAR = 8760.0


def interruption(
    begin: datetime, minutes: float, customers: Sequence[int] | int, *, cause: str = "", outage: int = 0
) -> Interruption:
    """An interruption of these customers (ids, or so many from 1 on)."""
    ids = range(1, customers + 1) if isinstance(customers, int) else customers
    return Interruption(
        outage_id=outage or begin.toordinal() * 1440 + begin.hour * 60 + begin.minute, number="", day=begin.date(),
        out_at=begin, restored_at=begin + timedelta(minutes=minutes), minutes=minutes, customers=len(ids),
        nature="unplanned", cause=cause, unit_code="U", unit_path="/1/", feeder_code="F", members=packed(ids),
    )  # fmt: skip


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL)


def standards_own() -> list[Interruption]:
    """The outages of one feeder of 2,000 customers in IEEE Std 1366's worked example: 3,215 interruptions of 1,800."""
    return [
        interruption(at(3, 17, 12, 12), 8.17, range(1, 201)),
        interruption(at(4, 15, 18, 23), 0.5, range(1, 401)),
        interruption(at(5, 5, 0, 23), 71.3, range(1, 601)),
        interruption(at(6, 12, 23, 17), 30.3, range(1, 26)),
        interruption(at(8, 20, 15, 30), 267.2, range(501, 591)),
        interruption(at(8, 31, 8, 20), 120, range(901, 1601)),
        interruption(at(9, 3, 17, 10), 10, range(301, 1801)),
        interruption(at(10, 27, 10, 15), 40, range(1, 101)),
    ]


def test_the_standards_own_example() -> None:
    found = standards_own()
    ids = {one for each in found if each.minutes > MOMENTARY for one in unpacked(each.members)}
    assert len(ids) == 1800
    figures = ieee(count(found, momentary_minutes=MOMENTARY), served=2000, hours=YEAR)
    assert figures["saifi"] == pytest.approx(3215 / 2000)
    assert figures["saidi"] == pytest.approx(86.10975)  # 172,219.5 customer-minutes
    assert figures["caidi"] == pytest.approx(172219.5 / 3215)
    assert figures["caifi"] == pytest.approx(3215 / 1800)
    assert figures["asai"] == pytest.approx(0.999836, abs=5e-7)
    assert figures["maifi"] == pytest.approx(0.2)


def test_customers_with_several_interruptions_by_both_editions() -> None:
    found = standards_own()
    times: dict[int, int] = {}
    for each in found:
        if each.minutes > MOMENTARY:
            for one in unpacked(each.members):
                times[one] = times.get(one, 0) + 1
    for n in (1, 2, 3, 4):
        least, more = sum(t >= n for t in times.values()), sum(t > n for t in times.values())
        assert count(found, momentary_minutes=MOMENTARY, n=n).frequent == least
        assert count(found, momentary_minutes=MOMENTARY, n=n, more_than=True).frequent == more
    # 1–25: four (17 March, 5 May, 12 June, 27 October); 26–100: three; 501–590: three (5 May, 20 August, 3 September)
    assert count(found, momentary_minutes=MOMENTARY, n=4).frequent == 25
    assert count(found, momentary_minutes=MOMENTARY, n=3).frequent == 25 + 75 + 90


def test_partial_restoration_counts_each_part_for_as_long_as_it_lasted() -> None:
    """1,000 out at 8:00; 600 back after 30 minutes, 300 after 90, the last 100 after 4 hours."""
    begin = at(3, 2, 8)
    found = [
        interruption(begin, 30, range(1, 601), outage=1),
        interruption(begin, 90, range(601, 901), outage=1),
        interruption(begin, 240, range(901, 1001), outage=1),
    ]
    counted = count(found, momentary_minutes=MOMENTARY)
    assert (counted.outages, counted.interruptions, counted.minutes) == (1, 1000, 600 * 30 + 300 * 90 + 100 * 240)
    figures = ieee(counted, served=4000, hours=24)
    assert figures["saidi"] == pytest.approx(17.25)
    assert figures["caidi"] == pytest.approx(69)
    assert figures["asai"] == pytest.approx(1 - 69000 / (4000 * 1440))


def test_the_chinese_figures_leave_out_what_they_say() -> None:
    """Ten customers at 10 kV, 90 days: 2 h of three, 1 h of two from outside, 5 h of one in need, 2 min of four."""
    ordinary, outside, short = (interruption(at(1, day), m, n) for day, m, n in ((5, 120, 3), (6, 60, 2), (7, 300, 1)))
    blink = interruption(at(1, 8), 2, 4)

    def counted(*which: Interruption):  # type: ignore[no-untyped-def]
        return count(which, momentary_minutes=3)

    figures = dlt836(
        counted(ordinary, outside, short, blink), counted(ordinary, short, blink), counted(ordinary, outside, blink),
        served=10, hours=2160,
    )  # fmt: skip
    assert figures["aihc1"] == pytest.approx((6 + 2 + 5) / 10)
    assert figures["rs1"] == pytest.approx(1 - 1.3 / 2160)
    assert figures["aitc1"] == pytest.approx(0.6)
    assert figures["rs2"] == pytest.approx(1 - 1.1 / 2160)
    assert figures["rs3"] == pytest.approx(1 - 0.8 / 2160)
    assert figures["maifi"] == pytest.approx(0.4)


def test_nothing_is_said_where_nothing_can_be() -> None:
    nothing = count([], momentary_minutes=MOMENTARY)
    assert ieee(nothing, served=100, hours=24) == {
        "saifi": 0, "saidi": 0, "caidi": None, "caifi": None, "asai": 1, "maifi": 0, "cemi": 0,
    }  # fmt: skip
    assert set(ieee(nothing, served=0, hours=0).values()) == {None}


def test_the_limit_itself_is_momentary() -> None:
    five, longer = interruption(at(1, 1), 5, 10), interruption(at(1, 2), 5.01, 10)
    counted = count([five, longer], momentary_minutes=5)
    assert (counted.momentary, counted.interruptions) == (10, 10)


def test_the_threshold_of_major_days_by_hand() -> None:
    """Daily SAIDI of e⁰, e¹, e² minutes: α = 1, β = 1, T_MED = e^3.5; days without interruptions do not count."""
    history = {date(2025, 1, 1): 1.0, date(2025, 1, 2): math.e, date(2025, 1, 3): math.e**2, date(2025, 1, 4): 0.0}
    found = threshold(history, since=date(2021, 1, 1), until=date(2026, 1, 1), betas=2.5)
    assert found is not None
    assert (found.alpha, found.beta, found.days) == (pytest.approx(1), pytest.approx(1), 3)
    assert found.t_med == pytest.approx(math.exp(3.5))
    this_year = {date(2026, 3, 2): 33.1, date(2026, 3, 3): 33.2}
    assert math.exp(3.5) == pytest.approx(33.115, abs=0.001)
    assert major_days(this_year, found) == [date(2026, 3, 3)]
    assert threshold(history, since=date(2025, 1, 1), until=date(2025, 1, 2), betas=2.5) is None


some = st.lists(
    st.tuples(
        st.integers(0, 364), st.integers(1, 6000), st.sets(st.integers(1, 60), min_size=1, max_size=20)
    ),
    max_size=12,
)  # fmt: skip


def drawn(given_: list[tuple[int, int, set[int]]]) -> list[Interruption]:
    return [
        interruption(at(1, 1) + timedelta(days=day), tenths / 10, sorted(ids), outage=n + 1)
        for n, (day, tenths, ids) in enumerate(given_)
    ]


@given(some)
def test_duration_is_frequency_times_length(rows: list[tuple[int, int, set[int]]]) -> None:
    figures = ieee(count(drawn(rows), momentary_minutes=MOMENTARY), served=100, hours=YEAR)
    if figures["caidi"] is not None:
        assert figures["saidi"] == pytest.approx(figures["saifi"] * figures["caidi"])  # type: ignore[operator]
    assert figures["asai"] == pytest.approx(1 - figures["saidi"] / (YEAR * 60))  # type: ignore[operator]


@given(some, st.sampled_from(["day", "month", "quarter", "year"]))
def test_the_parts_of_a_period_sum_to_the_whole(rows: list[tuple[int, int, set[int]]], by: str) -> None:
    found = drawn(rows)
    whole = count(found, momentary_minutes=MOMENTARY)
    since, until = date(2025, 12, 20), date(2027, 1, 5)
    cut = list(parts(since, until, by))
    assert (cut[0][0], cut[-1][1]) == (since, until)
    assert all(one[1] == other[0] for one, other in itertools.pairwise(cut))
    each = [count([one for one in found if a <= one.day < b], momentary_minutes=MOMENTARY) for a, b in cut]
    assert sum(one.interruptions for one in each) == whole.interruptions
    assert sum(one.minutes for one in each) == pytest.approx(whole.minutes)
    assert sum(one.momentary for one in each) == whole.momentary


@given(some, st.integers(1, 5))
def test_customers_counted_singly(rows: list[tuple[int, int, set[int]]], n: int) -> None:
    found = drawn(rows)
    counted = count(found, momentary_minutes=MOMENTARY, n=n)
    sustained = [one for one in found if one.minutes > MOMENTARY]
    ids = [customer for one in sustained for customer in unpacked(one.members)]
    assert counted.distinct == len(set(ids))
    assert counted.frequent == sum(ids.count(customer) >= n for customer in set(ids))
    assert counted.frequent >= count(found, momentary_minutes=MOMENTARY, n=n, more_than=True).frequent
