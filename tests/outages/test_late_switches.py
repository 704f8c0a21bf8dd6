"""Switches reported late: outages begin and end when it happened, as far as the device's clock can be right."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from app.kernel.db import session
from app.outages.models import Outage, OutageCustomer
from tests.outages.real_town import Town, build
from tests.outages.world import active
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(house: House) -> Town:
    return build(house.units["GM-LJ-QS"], house.now)


def rows() -> set[tuple[object, object]]:
    session.expire_all()
    return {(row.out_at, row.restored_at) for row in session.scalars(sa.select(OutageCustomer))}


@pytest.mark.databases
def test_a_trip_told_late_began_when_it_happened(town: Town, house: House) -> None:
    tripped, closed = house.now - 20 * MINUTE, house.now - 5 * MINUTE
    town.switch("K1", "open", now=house.now, happened=tripped)
    (outage,) = active()
    assert outage.started_at == tripped
    assert rows() == {(tripped, None)}
    town.switch("K1", "closed", now=house.now + MINUTE, happened=closed)
    assert active() == []
    assert rows() == {(tripped, closed)}
    assert session.get_one(Outage, outage.id).restored_at == closed


def test_a_clock_that_is_days_behind_is_not_believed(town: Town, house: House) -> None:
    town.switch("K1", "open", now=house.now, happened=house.now - timedelta(days=3))
    (outage,) = active()
    assert outage.started_at == house.now


def test_nobody_is_out_twice_at_once_whatever_comes_late(town: Town, house: House) -> None:
    """The breaker is out and back; only then a switch below it tells of an opening before that."""
    town.switch("K1", "open", now=house.now)
    town.switch("K1", "closed", now=house.now + 30 * MINUTE)
    town.switch("K2", "open", now=house.now + 40 * MINUTE, happened=house.now + 20 * MINUTE)
    (outage,) = active()
    assert outage.started_at == house.now + 30 * MINUTE
    by_customer: dict[int, list[OutageCustomer]] = {}
    for row in session.scalars(sa.select(OutageCustomer).order_by(OutageCustomer.out_at)):
        by_customer.setdefault(row.customer_id, []).append(row)
    for one in by_customer.values():
        for before, after in pairwise(one):
            assert before.restored_at is not None
            assert before.restored_at <= after.out_at
