"""What dispatchers do with groups: split, join, cancel, confirm elsewhere; who is still out after restoration."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.errors import Forbidden
from app.outages.models import Outage, OutageCustomer, OutageStep
from app.outages.operations import calls, confirming, nesting, restoring
from app.outages.operations.calls import CannotMove
from app.outages.operations.find import OutageChanged, OutageOver
from app.outages.operations.signals import Signal, receive
from app.workorders.models import WorkOrder
from tests.outages.test_orders import accept, confirm
from tests.outages.world import World, active, calls_of, covered_by, members_of
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)


def storm_of_one_lateral(world: World, house: House) -> None:
    for transformer in ("T1", "T2"):
        for customer in (0, 1):
            world.call(transformer, customer=customer, now=house.now)


@pytest.mark.databases
def test_a_part_split_off_takes_its_transformer_and_stays_apart(world: World, house: House) -> None:
    storm_of_one_lateral(world, house)
    (outage,) = active()
    assert covered_by(outage) == {"T1", "T2", "T3", "T4"}
    ids = [call.id for call in calls_of(outage) if call.transformer_code == "T1"]
    number = house.do(calls.split, outage.number, ids, reason="T1 另有故障")
    left, apart = active()
    assert (apart.number, apart.device_code, apart.locked) == (number, "T1", True)
    assert covered_by(apart) == {"T1"}
    assert (left.device_code, left.calls, left.customers_out) == ("T2", 2, 3), "one predicted child is not enough"
    world.call("T3", now=house.now + MINUTE)
    world.call("T3", customer=1, now=house.now + MINUTE)
    assert sorted(each.device_code for each in active()) == ["F1", "T1"]
    assert members_of(apart) == set(world.customers["T1"])


def test_not_every_report_can_be_split_off(world: World, house: House) -> None:
    storm_of_one_lateral(world, house)
    (outage,) = active()
    with pytest.raises(CannotMove):
        house.do(calls.split, outage.number, [call.id for call in calls_of(outage)], reason="试")


def test_joined_outages_are_one_and_locked(world: World, house: House) -> None:
    storm_of_one_lateral(world, house)
    world.call("T8", now=house.now)
    one, two = active()
    house.do(calls.join, [two.number], into=one.number, reason="同一故障")
    (outage,) = active()
    assert (outage.number, outage.calls, outage.customers_out, outage.locked) == (one.number, 5, 13, True)
    with pytest.raises(OutageOver):
        house.do(calls.join, [two.number], into=one.number, reason="再试")


def test_confirmed_elsewhere_takes_in_what_is_predicted_below(world: World, house: House) -> None:
    storm_of_one_lateral(world, house)
    world.call("T5", now=house.now)
    first, single = active()
    house.do(confirming.confirm, first.number, "R1", "")
    (outage,) = active()
    assert (outage.number, outage.device_code, outage.calls, outage.customers_out) == (first.number, "R1", 5, 21)
    session.refresh(single)
    assert (single.status, single.joined_into_id) == ("cancelled", outage.id)


def test_no_outage_lets_everybody_go(world: World, house: House) -> None:
    order = accept(house, "T1")
    (outage,) = active()
    seen = outage.revision
    house.do(confirming.cancel, outage.number, reason="用户内部故障", revision=seen)
    assert active() == []
    session.refresh(outage)
    assert (outage.kind, outage.customers_out) == ("non_outage", 0)
    assert session.get_one(WorkOrder, order.id).status == "NEW", "the order goes on"
    world.call("T1", customer=1, now=house.now + MINUTE)
    assert len(active()) == 1


def test_who_looked_at_an_older_state_is_refused(world: World, house: House) -> None:
    world.call("T1", now=house.now)
    (outage,) = active()
    seen = outage.revision
    world.call("T1", customer=1, now=house.now)
    with pytest.raises(OutageChanged):
        house.do(confirming.confirm, outage.number, revision=seen)
    with pytest.raises(Forbidden):
        house.do(confirming.confirm, outage.number, by="crew")


@pytest.mark.databases
def test_who_is_still_out_is_nested_from_the_beginning_and_counted_once(world: World, house: House) -> None:
    """Three customers out for 60 minutes; one of them was never back: two times 60 minutes are the parent's."""
    accept(house, "T1")
    accept(house, "T1", 1)
    (parent,) = active()
    confirm(house, parent.number)
    house.advance(60 * MINUTE)
    house.do(restoring.restore, parent.number)
    customer = world.customers["T1"][2]
    number = house.do(nesting.still_out, parent.number, customer)
    assert house.do(nesting.still_out, parent.number, customer) == number
    session.expire_all()
    nested = next(outage for outage in active() if outage.number == number)
    assert (nested.parent_id, nested.started_at, nested.customers_out) == (parent.id, parent.started_at, 1)
    assert session.get_one(WorkOrder, nested.main_order_id).external_no == number
    assert (parent.customers_total, parent.customers_restored, parent.customers_out) == (2, 2, 0)
    for outage in (parent, nested):
        steps = session.scalars(sa.select(OutageStep).where(OutageStep.outage_id == outage.id)).all()
        rows = session.scalars(sa.select(OutageCustomer).where(OutageCustomer.outage_id == outage.id)).all()
        by_customer = sum((row.restored_at - row.out_at).total_seconds() / 60 for row in rows if row.restored_at)
        assert sum(step.customer_minutes for step in steps) == by_customer
        assert sum(step.customers for step in steps if step.kind == "out") == len(rows)
    assert by_customer == 0


def test_a_meter_with_power_again_ends_its_customers_outage(world: World, house: House) -> None:
    world.call("T1", now=house.now)
    (outage,) = active()
    signal = Signal(key="s", meter_no="MT1-0", kind="restored")
    db.run(lambda: receive([signal], actor=SYSTEM, now=house.now + 2 * MINUTE))
    session.refresh(outage)
    assert (outage.kind, outage.status, outage.restored_at) == ("momentary", "closed", house.now + 2 * MINUTE)


def test_the_last_gasps_of_one_batch_are_located_together(world: World, house: House) -> None:
    """Not one after the other: no prediction is written and withdrawn again on the way."""
    meters = [f"MT{number}-{place}" for number in (1, 2, 3, 4, 11) for place in range(2)]
    gasps = [Signal(key=meter, meter_no=meter, kind="last_gasp") for meter in meters]
    db.run(lambda: receive(gasps, actor=SYSTEM, now=house.now))
    assert sorted((outage.device_code, outage.calls) for outage in active()) == [("F1", 8), ("T11", 2)]
    assert session.scalar(sa.select(sa.func.count()).select_from(Outage)) == 2


def test_a_meter_that_answers_below_takes_the_prediction_down(world: World, house: House) -> None:
    storm_of_one_lateral(world, house)
    (outage,) = active()
    assert outage.device_code == "F1"
    signal = Signal(key="s", meter_no="MT3-0", kind="ping_alive")
    db.run(lambda: receive([signal], actor=SYSTEM, now=house.now + 2 * MINUTE))
    assert sorted(each.device_code for each in active()) == ["T1", "T2"]
