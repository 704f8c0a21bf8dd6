"""A switch opens without a plan and is closed again, with the diagrams at work."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel.db import session
from app.outages.models import Outage, OutageStep
from app.outages.operations import confirming
from tests.outages.handling.test_unplanned import fresh, notices, process
from tests.outages.world import World, active, members_of
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)


def tripped(world: World, house: House, switch: str = "R1") -> Outage:
    world.switch(switch, "", now=house.now)
    house.settle()
    (outage,) = active()
    return outage


def steps_of(outage: Outage) -> list[tuple[str, int, float]]:
    session.expire_all()
    rows = session.scalars(sa.select(OutageStep).where(OutageStep.outage_id == outage.id).order_by(OutageStep.n))
    return [(row.kind, row.customers, row.customer_minutes) for row in rows]


@pytest.mark.databases
def test_a_switch_closed_again_within_the_threshold_was_momentary(world: World, house: House) -> None:
    outage = tripped(world, house)
    assert (outage.kind, outage.status) == ("real_device", "predicted"), "not confirmed before the threshold"
    house.advance(2 * MINUTE)
    assert fresh(outage).status == "predicted"
    world.switch("R1", "ABC", now=house.now)
    house.settle()
    outage = fresh(outage)
    assert (outage.kind, outage.status, outage.customers_out) == ("momentary", "closed", 0)
    assert steps_of(outage) == [("out", 21, 0.0), ("restored", 21, 42.0)]
    assert process(outage).status == "terminated"
    assert not notices(outage)


@pytest.mark.databases
def test_a_trip_that_lasts_is_confirmed_and_ends_when_its_switch_is_closed(world: World, house: House) -> None:
    outage = tripped(world, house)
    house.advance(4 * MINUTE)
    outage = fresh(outage)
    assert (outage.kind, outage.status, outage.locked) == ("confirmed_device", "confirmed", True)
    house.advance(26 * MINUTE)
    world.switch("R1", "ABC", now=house.now)
    house.settle()
    outage = fresh(outage)
    assert (outage.status, outage.customers_out) == ("verifying", 0)
    assert outage.restored_at == house.now
    assert steps_of(outage) == [("out", 21, 0.0), ("restored", 21, 21 * 30.0)]
    assert [one.occasion for one in notices(outage)] == ["confirmed", "restored"]


@pytest.mark.databases
def test_what_has_supply_again_before_the_rest_is_a_step(world: World, house: House) -> None:
    outage = tripped(world, house)
    house.advance(4 * MINUTE)
    world.switch("F1", "", now=house.now)
    house.advance(6 * MINUTE)
    world.switch("R1", "ABC", now=house.now)
    house.settle()
    (outage,) = active()
    assert (outage.status, outage.customers_restored, outage.customers_out) == ("partially_restored", 9, 12)
    assert steps_of(outage)[1:] == [("restored", 9, 90.0)]
    house.advance(10 * MINUTE)
    world.switch("F1", "ABC", now=house.now)
    house.settle()
    assert fresh(outage).customers_out == 0
    assert steps_of(outage)[2:] == [("restored", 12, 240.0)]


@pytest.mark.databases
def test_a_part_that_has_supply_again_before_anybody_confirmed_it_confirms_the_rest(world: World, house: House) -> None:
    outage = tripped(world, house)
    world.switch("F1", "", now=house.now)
    house.advance(MINUTE)
    world.switch("R1", "ABC", now=house.now)
    house.settle()
    (outage,) = active()
    assert (outage.kind, outage.status) == ("confirmed_device", "partially_restored")
    assert (outage.customers_restored, outage.customers_out) == (9, 12)
    assert len(members_of(outage)) == 12


def test_what_a_dispatcher_confirmed_is_theirs_to_restore(world: World, house: House) -> None:
    outage = tripped(world, house)
    house.do(confirming.confirm, outage.number)
    house.settle()
    assert process(fresh(outage)).status == "active"
    house.advance(10 * MINUTE)
    world.switch("R1", "ABC", now=house.now)
    house.settle()
    outage = fresh(outage)
    assert (outage.status, outage.customers_out) == ("confirmed", 21)
