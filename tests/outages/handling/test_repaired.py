"""A single customer's fault ends with its order, without a dispatcher of outages."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel.db import session
from app.outages.models import Outage, OutageCustomer, TroubleCall
from app.outages.operations import calls
from tests.outages.test_orders import accept
from tests.outages.world import World, active, calls_of
from tests.workorders.house import REPLY, House

MINUTE = timedelta(minutes=1)


def outages() -> list[Outage]:
    session.expire_all()
    return list(session.scalars(sa.select(Outage).order_by(Outage.id)))


def rows() -> list[OutageCustomer]:
    return list(session.scalars(sa.select(OutageCustomer).order_by(OutageCustomer.id)))


@pytest.mark.databases
def test_supply_is_back_when_the_crew_says_so(world: World, house: House) -> None:
    order = accept(house, "T1")
    began = house.now
    (outage,) = active()
    house.to_site(order.number)
    house.repair(order.number)
    restored = house.now
    house.settle()
    (outage,) = outages()
    assert (outage.status, outage.kind, outage.restored_at) == ("closed", "probable_service", restored)
    (row,) = rows()
    assert (row.active, row.out_at, row.restored_at) == (False, began, restored)
    assert [call.state for call in calls_of(outage)] == ["closed"]
    house.reply(order.number)
    house.complete(order.number, "review", "reviewer", review_action="pass")
    house.settle()
    house.complete(order.number, "call", "callback", callback_result="restored", satisfaction="satisfied")
    house.settle()
    assert house.order(order.number).status == "ARCHIVED"
    assert len(outages()) == 1
    house.advance(MINUTE)
    for customer in (1, 2):
        world.call("T1", customer=customer, now=house.now)
    house.settle()
    (next_one,) = active()
    assert next_one.customers_out == 3, "the customer of yesterday's fault is out again with the others"


@pytest.mark.databases
def test_still_out_at_the_callback_is_nested_below_what_ended(world: World, house: House) -> None:
    order = accept(house, "T1")
    began = house.now
    house.to_callback(order.number)
    house.complete(order.number, "call", "callback", callback_result="still_out", satisfaction="dissatisfied")
    house.settle()
    first, nested = outages()
    assert (first.status, nested.parent_id, nested.status) == ("closed", first.id, "confirmed")
    assert (nested.started_at, nested.customers_out) == (began, 1)
    house.to_site(order.number)
    house.repair(order.number)
    house.settle()
    _, nested = outages()
    assert nested.status == "verifying", "whether supply is back now is asked again"
    assert nested.customers_out == 0


@pytest.mark.databases
def test_a_fault_of_the_customers_own_was_no_outage(world: World, house: House) -> None:
    order = accept(house, "T1")
    house.to_site(order.number)
    found = {"fault_type": "customer_equipment", "fault_cause": "customer_fault", "ownership": "customer"}
    house.complete(order.number, "survey", "crew_leader", **found)
    house.complete(
        order.number, "reply", "crew_leader", **{**REPLY, **{f"reply_{key}": was for key, was in found.items()}}
    )
    house.complete(order.number, "review", "reviewer", review_action="pass")
    house.settle()
    house.complete(order.number, "call", "callback", callback_result="restored", satisfaction="satisfied")
    house.settle()
    assert house.order(order.number).status == "ARCHIVED"
    (outage,) = outages()
    assert (outage.status, outage.kind) == ("cancelled", "non_outage")
    assert rows() == []


def test_a_call_moved_to_an_outage_of_its_own_ends_with_its_order(world: World, house: House) -> None:
    orders = [accept(house, "T1", customer) for customer in range(3)]
    (outage,) = active()
    moved = calls_of(outage)[2]
    house.do(calls.move, moved.id, None, reason="内部故障")
    house.settle()
    house.to_site(orders[2].number)
    house.repair(orders[2].number)
    house.settle()
    assert [each.status for each in outages()] == ["predicted", "closed"]


def test_a_prediction_ends_when_all_its_orders_are_repaired(world: World, house: House) -> None:
    orders = [accept(house, "T1", customer) for customer in range(2)]
    (outage,) = active()
    assert outage.device_code == "T1"
    for order in orders:
        house.to_site(order.number)
        house.repair(order.number)
        house.settle()
        (outage,) = outages()
        assert outage.status == ("closed" if order is orders[1] else "predicted")
    assert house.tasks(outage.number) == {}, "nobody need judge it any more"


def test_a_call_that_explains_nothing_ends_with_its_order(world: World, house: House) -> None:
    order = house.accept(account_no="", phone="13800139999", address="某处")
    house.settle()
    house.to_callback(order.number)
    house.complete(order.number, "call", "callback", callback_result="restored", satisfaction="satisfied")
    house.settle()
    assert [call.state for call in session.scalars(sa.select(TroubleCall))] == ["closed"]
