"""Fault orders become calls by a job; a confirmed outage has one main repair order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.kernel import db
from app.kernel.db import session
from app.outages.operations import calls, confirming
from app.outages.operations.find import OutageChanged
from app.workorders.models import WorkOrder
from app.workorders.operations import cancel
from app.workorders.queries.orders import OrderView
from tests.outages.world import World, active, calls_of
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)


def accept(house: House, transformer: str, customer: int = 0, **changes: Any) -> OrderView:
    """A fault order of a customer of the town, placed by its job."""
    order = house.accept(account_no=f"33{transformer}-{customer}", phone=f"1380013{customer:04d}", **changes)
    house.settle()
    return order


def status(order: OrderView) -> WorkOrder:
    session.expire_all()
    return session.get_one(WorkOrder, order.id)


def confirm(house: House, number: str, **values: Any) -> None:
    db.run(lambda: confirming.confirm(number, actor=house.actor("dispatcher"), now=house.now, **values))


@pytest.mark.databases
def test_an_order_is_located_after_its_commit(world: World, house: House) -> None:
    first = accept(house, "T1")
    (outage,) = active()
    (call,) = calls_of(outage)
    assert (call.order_number, call.source, call.screening) == (first.number, "order", "passed")
    accept(house, "T1", 1)
    (outage,) = active()
    assert outage.device_code == "T1"


@pytest.mark.databases
def test_confirmation_makes_one_repair_of_the_orders_below(world: World, house: House) -> None:
    orders = [accept(house, "T1", customer) for customer in range(2)]
    (outage,) = active()
    confirm(house, outage.number, cause="tree")
    house.settle()
    (outage,) = active()
    assert (outage.kind, outage.status, outage.locked) == ("confirmed_device", "confirmed", True)
    assert outage.main_order_id == orders[0].id
    assert status(orders[1]).main_order_id == orders[0].id
    assert status(orders[1]).status == "MERGED"
    late = accept(house, "T1", 2)
    (outage,) = active()
    assert outage.calls == 3
    assert status(late).main_order_id == orders[0].id


def test_where_nobody_called_the_system_accepts_the_main_order(world: World, house: House) -> None:
    world.switch("F1", "", now=house.now)
    (outage,) = active()
    confirm(house, outage.number)
    house.settle()
    (outage,) = active()
    main = session.get_one(WorkOrder, outage.main_order_id)
    assert (main.external_no, main.accepted_by, main.category) == (outage.number, "system", "fault_repair")
    assert len(active()) == 1, "the system's own order reports nothing new"


@pytest.mark.databases
def test_a_call_moved_out_takes_its_order_off_the_main_one(world: World, house: House) -> None:
    orders = [accept(house, "T1", customer) for customer in range(3)]
    (outage,) = active()
    confirm(house, outage.number)
    moved = calls_of(outage)[2]
    number = db.run(
        lambda: calls.move(moved.id, None, reason="内部故障", actor=house.actor("dispatcher"), now=house.now)
    )
    house.settle()
    assert status(orders[2]).main_order_id is None
    assert status(orders[2]).status != "MERGED"
    one, two = active()
    assert two.number == number
    assert (one.customers_out, two.customers_out, two.calls, one.calls) == (2, 1, 1, 2)


def test_moving_the_main_orders_call_lets_another_lead(world: World, house: House) -> None:
    orders = [accept(house, "T1", customer) for customer in range(3)]
    (outage,) = active()
    confirm(house, outage.number)
    first = calls_of(outage)[0]
    db.run(lambda: calls.move(first.id, None, reason="内部故障", actor=house.actor("dispatcher"), now=house.now))
    house.settle()
    session.refresh(outage)
    assert outage.main_order_id == orders[1].id
    assert [status(order).main_order_id for order in orders] == [None, None, orders[1].id]


@pytest.mark.databases
def test_of_two_dispatchers_who_move_one_call_the_second_is_refused(world: World, house: House) -> None:
    world.call("T1", now=house.now)
    world.call("T5", now=house.now)
    one, two = active()
    (call,) = calls_of(one)
    seen = call.revision
    db.run(
        lambda: calls.move(
            call.id, two.number, reason="同一处", revision=seen, actor=house.actor("dispatcher"), now=house.now
        )
    )
    with pytest.raises(OutageChanged):
        db.run(
            lambda: calls.move(
                call.id, None, reason="不是", revision=seen, actor=house.actor("dispatcher"), now=house.now
            )
        )
    assert [outage.number for outage in active()] == [two.number]


def test_a_cancelled_order_withdraws_its_call(world: World, house: House) -> None:
    order = accept(house, "T1")
    accept(house, "T1", 1)
    (outage,) = active()
    db.run(lambda: cancel(order.number, reason="restored_itself", actor=house.actor("dispatcher"), now=house.now))
    house.settle()
    (outage,) = active()
    assert (outage.kind, outage.calls) == ("probable_service", 1)
