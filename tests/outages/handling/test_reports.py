"""Which orders report an outage, and reports without an order that get one."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel.db import session
from app.outages.bindings.jobs import accept_orders
from app.outages.models import Outage, TroubleCall
from app.workorders.models import WorkOrder
from tests.outages.test_orders import accept
from tests.outages.world import World, active, calls_of
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)


def test_orders_of_voltage_or_metering_report_no_outage(world: World, house: House) -> None:
    for customer in range(2):
        accept(house, "T1", customer, sub_type="power_quality", symptom="")
    accept(house, "T2", sub_type="metering_fault", symptom="")
    accept(house, "T3", symptom="flicker")
    assert session.scalars(sa.select(TroubleCall)).all() == []


@pytest.mark.parametrize(("symptom", "sub_type"), [("one_household", "power_quality"), ("", "")])
def test_who_says_that_supply_is_gone_reports_one(world: World, house: House, symptom: str, sub_type: str) -> None:
    accept(house, "T1", symptom=symptom, sub_type=sub_type)
    assert len(active()) == 1


@pytest.mark.databases
def test_a_single_signal_is_repaired_by_an_order_in_time(world: World, house: House) -> None:
    began = house.now
    world.call("T1", now=house.now, source="meter")
    house.clock.advance(9 * MINUTE)
    assert accept_orders(house.now) == 0, "others may still join it"
    house.clock.advance(MINUTE)
    assert accept_orders(house.now) == 1
    assert accept_orders(house.now) == 0
    house.settle()
    (outage,) = active()
    (call,) = calls_of(outage)
    order = session.get_one(WorkOrder, call.order_id)
    assert (order.account_no, order.status, order.reported_at) == ("33T1-0", "NEW", began)
    assert house.tasks(order.number).keys() == {"dispatch"}
    house.to_site(order.number)
    house.repair(order.number)
    house.settle()
    session.expire_all()
    assert session.get_one(Outage, outage.id).status == "closed"


def test_a_caller_on_the_web_waits_less_and_two_make_a_device_outage(world: World, house: House) -> None:
    world.call("T1", now=house.now, source="web")
    house.clock.advance(2 * MINUTE)
    world.call("T1", customer=1, now=house.now, source="web")
    house.settle()
    house.clock.advance(5 * MINUTE)
    assert accept_orders(house.now) == 0, "the device outage has its own process"
    world.call("T5", now=house.now, source="web")
    house.clock.advance(3 * MINUTE)
    assert accept_orders(house.now) == 1


def test_nobody_accepts_a_second_order_for_an_order(world: World, house: House) -> None:
    accept(house, "T1")
    house.clock.advance(60 * MINUTE)
    assert accept_orders(house.now) == 0


def test_a_report_that_can_have_no_order_holds_up_no_other(world: World, house: House) -> None:
    world.call("T1", now=house.now, source="web")
    world.call("T5", now=house.now, source="web")
    broken = session.scalars(sa.select(TroubleCall).order_by(TroubleCall.id)).first()
    assert broken is not None
    broken.phone = "no number"
    session.commit()
    house.clock.advance(3 * MINUTE)
    assert accept_orders(house.now) == 1
    session.expire_all()
    assert [call.order_id is None for call in session.scalars(sa.select(TroubleCall).order_by(TroubleCall.id))] == [
        True,
        False,
    ]
