"""A stop for arrears as an outage of one customer: who sees it, who is told, and how it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.billing.operations import cut_off_hooks
from app.billing.operations.cut_off_hooks import CutOff
from app.customers.models import Customer
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.outages.models import (
    Outage,
    OutageCustomer,
    OutageInterruption,
    OutageNotice,
    OutageStep,
    OutageTold,
    TroubleCall,
)
from app.outages.operations import confirming, restoring
from app.outages.queries.affected import of_customer
from tests.outages.handling.test_unplanned import reach_everybody
from tests.outages.world import World
from tests.workorders.house import House

pytestmark = pytest.mark.databases
HOUR = timedelta(hours=1)


def bill(house: House, customer: int, state: str) -> None:
    """What billing does and tells in its transaction: `operations.cutting`."""

    def move() -> None:
        row = session.get_one(Customer, customer)
        row.cut_off, row.cut_off_at = state == "cut", house.now if state == "cut" else None
        session.flush()
        cut_off_hooks.tell(CutOff(customer, "QF1", state), actor=SYSTEM, now=house.now)

    db.run(move)
    house.settle()


def stops() -> list[Outage]:
    session.expire_all()
    return list(session.scalars(sa.select(Outage).where(Outage.nature == "arrears")))


def test_a_stop_is_on_record_and_tells_nobody_by_itself(world: World, house: House) -> None:
    reach_everybody(world)
    customer = world.customers["T1"][0]
    bill(house, customer, "cut")
    (stop,) = stops()
    assert (stop.status, stop.customers_out, stop.cause_note) == ("confirmed", 1, "QF1")
    (notice,) = session.scalars(sa.select(OutageNotice))
    assert (notice.kind, notice.occasion, notice.state, notice.tell) == ("arrears", "confirmed", "entered", False)
    assert "因欠费已停止供电" in notice.text
    assert not session.scalars(sa.select(OutageTold)).all(), "the letters are those of its own process"
    found = of_customer(customer, house.now)
    assert found is not None
    assert found.nature == "arrears"

    call = world.call("T1", customer=0, now=house.now)
    house.settle()
    assert session.get_one(TroubleCall, call.call_id).screening == "cut_off"
    assert [outage.nature for outage in session.scalars(sa.select(Outage))] == ["arrears"], "no fault is looked for"

    house.clock.advance(HOUR)
    bill(house, customer, "restored")
    (over,) = stops()
    assert (over.status, over.customers_out) == ("closed", 0)
    minutes = sa.select(OutageStep.customer_minutes).where(OutageStep.kind == "restored")
    assert session.scalars(minutes).all() == [60]
    assert of_customer(customer, house.now) is None


def test_who_is_out_in_a_fault_when_cut_off_stays_cut_off_after_the_repair(world: World, house: House) -> None:
    reach_everybody(world)
    customer = world.customers["T1"][0]
    for place in range(2):
        world.call("T1", customer=place, now=house.now)
    house.settle()
    (fault,) = session.scalars(sa.select(Outage))
    house.do(confirming.confirm, fault.number, cause="tree")
    began = house.now
    house.clock.advance(HOUR)
    bill(house, customer, "cut")
    assert not stops(), "one outage at a time"
    house.clock.advance(HOUR)
    back = house.now
    house.do(restoring.restore, fault.number)
    house.settle()
    (stop,) = stops()
    rows = session.execute(
        sa.select(OutageCustomer.outage_id, OutageCustomer.out_at, OutageCustomer.restored_at)
        .where(OutageCustomer.customer_id == customer)
        .order_by(OutageCustomer.id)
    ).all()
    assert [tuple(row) for row in rows] == [(fault.id, began, back), (stop.id, back, None)]
    house.clock.advance(HOUR)
    bill(house, customer, "restored")
    counted = session.scalars(sa.select(OutageInterruption).where(OutageInterruption.outage_id == stop.id)).one()
    assert (counted.minutes, counted.customers) == (60, 1)
