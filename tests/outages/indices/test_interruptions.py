"""Interruptions from the rows of who was out: groups, overlaps of nested outages, transformers at 10 kV."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.outages.indices.interruptions import Lost, groups
from tests.conftest import START

WHOLE = {(1, "T1"), (1, "T2"), (1, "T3")}


def minute(n: float) -> datetime:
    return START + timedelta(minutes=n)


def lost(customer: int, out: float, back: float | None, *, outage: int = 1, transformer: str = "T1") -> Lost:
    return Lost(outage, customer, transformer, minute(out), None if back is None else minute(back))


def told(found: list) -> list[tuple]:  # type: ignore[type-arg]
    """Groups with times as minutes."""

    def m(at: datetime | None) -> float | None:
        return None if at is None else (at - START).total_seconds() / 60

    return [(one.outage_id, m(one.out_at), m(one.restored_at), one.customers, one.transformers) for one in found]


def test_who_shares_an_interruption_is_one_group() -> None:
    rows = [lost(3, 0, 30), lost(1, 0, 30), lost(2, 0, 90, transformer="T2"), lost(4, 0, None, transformer="T3")]
    assert told(groups(rows, whole=WHOLE)) == [
        (1, 0, 30, (1, 3), 1),
        (1, 0, 90, (2,), 1),
        (1, 0, None, (4,), 1),
    ]


def test_restored_and_lost_again_are_two_interruptions() -> None:
    rows = [lost(1, 0, 30), lost(1, 30, 40), lost(1, 50, 60)]
    assert told(groups(rows, whole=WHOLE)) == [
        (1, 0, 30, (1,), 1),
        (1, 30, 40, (1,), 1),
        (1, 50, 60, (1,), 1),
    ]


def test_who_was_still_out_has_one_interruption_counted_with_the_nested_outage() -> None:
    """Thought restored at 60; customer 2 said no, and was back at 200: not 60 and 200 minutes, but 200."""
    rows = [lost(1, 0, 60), lost(2, 0, 60), lost(2, 0, 200, outage=2)]
    assert told(groups(rows, whole=WHOLE)) == [(1, 0, 60, (1,), 1), (2, 0, 200, (2,), 0)]
    waiting = [lost(1, 0, 60), lost(2, 0, 60), lost(2, 5, None, outage=2)]
    assert told(groups(waiting, whole=WHOLE)) == [(1, 0, 60, (1,), 1), (2, 0, None, (2,), 0)]


def test_a_transformer_is_without_supply_until_its_last_customer_is_back() -> None:
    rows = [lost(1, 0, 30), lost(2, 0, 45), lost(3, 0, 45, transformer="T2"), lost(4, 0, 20, transformer="")]
    assert told(groups(rows, whole=WHOLE)) == [
        (1, 0, 20, (4,), 0),
        (1, 0, 30, (1,), 0),
        (1, 0, 45, (2, 3), 2),
    ]


def test_a_transformer_of_which_only_some_customers_are_out_is_not_counted() -> None:
    rows = [lost(1, 0, 30), lost(2, 0, 30, outage=2), lost(3, 0, 30, outage=2)]
    assert told(groups(rows, whole=WHOLE)) == [(1, 0, 30, (1,), 1), (2, 0, 30, (2, 3), 0)]


def test_low_voltage_outages_are_none_at_ten_kilovolts() -> None:
    assert told(groups([lost(1, 0, 30)], whole=())) == [(1, 0, 30, (1,), 0)]


rows_of = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 50), st.one_of(st.none(), st.integers(0, 50)), st.integers(1, 3)),
    max_size=12,
)


@given(rows_of)
def test_no_customer_is_out_twice_at_one_instant(drawn: list[tuple[int, int, int | None, int]]) -> None:
    rows = [
        lost(customer, out, None if more is None else out + more, outage=outage)
        for customer, out, more, outage in drawn
    ]
    spans: dict[int, list[tuple[datetime, datetime | None]]] = {}
    for group in groups(rows, whole=()):
        for customer in group.customers:
            spans.setdefault(customer, []).append((group.out_at, group.restored_at))
    for customer, found in spans.items():
        for (_out, back), (later, _back) in itertools.pairwise(found):
            assert back is not None
            assert back <= later
        for at in range(110):  # and is out whenever any row says so
            instant = minute(at + 0.5)
            said = any(
                row.customer_id == customer
                and row.out_at <= instant
                and (row.restored_at is None or instant < row.restored_at)
                for row in rows
            )
            assert said == any(out <= instant and (back is None or instant < back) for out, back in found)
