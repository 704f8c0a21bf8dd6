"""Supply comes back before anybody judged; reports come late; restorations count from when supply failed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel.db import session
from app.outages.models import Outage, OutageCustomer, OutageInterruption, OutageStep
from app.outages.operations import confirming, restoring
from tests.outages.handling.test_unplanned import fresh, located, notices, process, told_of
from tests.outages.world import World, active, members_of
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)


def out_at(outage: Outage) -> set[object]:
    query = sa.select(OutageCustomer.out_at).where(OutageCustomer.outage_id == outage.id)
    return set(session.scalars(query))


def steps_of(outage: Outage) -> list[tuple[str, int, float]]:
    rows = session.scalars(sa.select(OutageStep).where(OutageStep.outage_id == outage.id).order_by(OutageStep.n))
    return [(row.kind, row.customers, row.customer_minutes) for row in rows]


@pytest.mark.databases
def test_an_earlier_report_that_comes_late_moves_everybody_back(world: World, house: House) -> None:
    began = house.now
    house.clock.advance(10 * MINUTE)
    for customer in (0, 1):
        world.call("T1", customer=customer, now=house.now)
    world.call("T1", customer=2, now=house.now, reported_at=began)
    (outage,) = active()
    assert outage.started_at == began
    assert out_at(outage) == {began}


@pytest.mark.databases
def test_who_called_late_was_out_as_long_as_the_others_below_the_device(world: World, house: House) -> None:
    began = house.now
    for customer in (0, 1):
        world.call("T1", customer=customer, now=house.now)
    house.clock.advance(30 * MINUTE)
    world.call("T5", now=house.now)
    house.settle()
    first = active()[0]
    house.do(confirming.confirm, first.number, "R1")
    house.settle()
    (outage,) = active()
    assert (outage.customers_out, out_at(outage)) == (21, {began})
    house.clock.advance(30 * MINUTE)
    house.do(restoring.restore, outage.number)
    house.settle()
    rows = session.execute(sa.select(OutageInterruption.customers, OutageInterruption.minutes)).all()
    assert rows == [(21, 60.0)]


@pytest.mark.databases
def test_a_part_restored_before_anybody_judged_stays_restored(world: World, house: House) -> None:
    for transformer in ("T1", "T2"):
        for customer in (0, 1):
            world.call(transformer, customer=customer, now=house.now)
    house.settle()
    (outage,) = active()
    assert outage.device_code == "F1"
    house.clock.advance(10 * MINUTE)
    house.do(restoring.restore, outage.number, ["T1"])
    house.settle()
    outage = fresh(outage)
    assert (outage.kind, outage.status, outage.locked) == ("confirmed_device", "partially_restored", True)
    assert outage.main_order_id is not None
    assert "confirm" not in house.tasks(outage.number)
    with pytest.raises(confirming.ConfirmedAlready):
        house.do(confirming.confirm, outage.number, "R1")
    world.call("T3", now=house.now)
    assert (fresh(outage).customers_out, fresh(outage).customers_restored) == (9, 3)
    assert not members_of(outage) & set(world.customers["T1"])
    assert steps_of(outage) == [("out", 12, 0.0), ("restored", 3, 30.0)]


@pytest.mark.databases
def test_all_restored_before_the_process_began_is_verified_and_judged_by_nobody(world: World, house: House) -> None:
    for customer in (0, 1):
        world.call("T1", customer=customer, now=house.now)
    (outage,) = active()
    assert outage.instance_id is None
    house.clock.advance(10 * MINUTE)
    house.do(restoring.restore, outage.number)
    back = house.now
    house.settle()
    house.advance(20 * MINUTE)
    outage = fresh(outage)
    assert (outage.kind, outage.status, outage.restored_at) == ("confirmed_device", "verifying", back)
    assert set(house.tasks(outage.number)) == {"verify"}
    assert (told_of(house, "dispatcher", outage), told_of(house, "supervisor", outage)) == (0, 0)
    assert [one.occasion for one in notices(outage)] == ["restored"]
    assert steps_of(outage) == [("out", 3, 0.0), ("restored", 3, 30.0)]


def test_all_restored_while_it_is_judged_needs_no_second_restoration(world: World, house: House) -> None:
    outage = located(world, house)
    house.clock.advance(10 * MINUTE)
    house.do(restoring.restore, outage.number)
    house.settle()
    assert set(house.tasks(outage.number)) == {"verify"}
    assert fresh(outage).main_order_id is None, "there is nothing to repair"
    assert process(fresh(outage)).status == "active"


def test_a_single_customers_outage_can_be_restored_before_it_is_confirmed(world: World, house: House) -> None:
    world.call("T1", now=house.now)
    house.settle()
    (outage,) = active()
    house.clock.advance(10 * MINUTE)
    house.do(restoring.restore, outage.number)
    house.settle()
    outage = fresh(outage)
    assert (outage.kind, outage.status) == ("confirmed_service", "verifying")
