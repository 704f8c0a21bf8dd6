"""Returns, transfers, suspension and cancellation while an order is handled."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.workorders import operations
from app.workorders.models import OrderReturn, OrderTransfer
from app.workorders.operations.suspending import resume, suspend
from app.workorders.queries.limits import LimitView, limits_of
from tests.workorders.house import House

pytestmark = pytest.mark.databases

MINUTE = timedelta(minutes=1)


def limit(house: House, number: str, stage: str) -> LimitView:
    return [each for each in limits_of(house.order(number).id) if each.stage == stage][-1]


def dispatch(house: House, number: str) -> None:
    house.complete(number, "dispatch", "dispatcher", dispatch_action="dispatch", crew=str(house.crew))


def test_a_crew_returns_an_order_and_the_second_return_goes_to_the_supervisor(house: House) -> None:
    number = house.accept().number
    dispatch(house, number)
    house.complete(
        number, "take", "crew_leader", take_action="return", return_reason="wrong_unit", return_note="不归我班"
    )
    assert house.order(number).status == "RETURNED"
    assert set(house.tasks(number)) == {"dispatch"}
    assert limit(house, number, "redispatch").state == "running"
    dispatch(house, number)
    house.complete(number, "take", "crew_leader", take_action="return", return_reason="data_missing")
    assert set(house.tasks(number)) == {"arbitrate"}
    task = house.tasks(number)["arbitrate"]
    assert ("group", "supervisor@GM-LJ-QS") in task.candidates
    house.complete(number, "arbitrate", "supervisor", dispatch_action="dispatch", crew=str(house.second_crew))
    house.complete(number, "take", "crew_leader", take_action="take")
    assert house.order(number).status == "ACCEPTED"
    assert house.order(number).crew_id == house.second_crew
    reasons = session.scalars(sa.select(OrderReturn.reason).order_by(OrderReturn.id)).all()
    assert reasons == ["wrong_unit", "data_missing"]


def test_a_transfer_in_the_form_keeps_the_clock(house: House) -> None:
    number = house.accept().number
    due = limit(house, number, "arrive").due_at
    house.complete(
        number,
        "dispatch",
        "dispatcher",
        MINUTE,
        dispatch_action="transfer",
        transfer_unit="GM-LJ-BH",
        transfer_reason="属滨湖",
    )
    order = house.order(number)
    assert (order.unit_code, order.status) == ("GM-LJ-BH", "TRANSFERRED")
    task = house.tasks(number)["dispatch"]
    assert ("group", "dispatcher@GM-LJ-BH") in task.candidates
    assert task.unit_path == house.units["GM-LJ-BH"].path
    assert limit(house, number, "arrive").due_at == due
    assert limit(house, number, "dispatch").state == "running"


def test_a_transfer_while_the_crew_is_on_its_way_begins_dispatch_anew(house: House) -> None:
    number = house.accept().number
    dispatch(house, number)
    house.complete(number, "take", "crew_leader", take_action="take")
    house.do(operations.transfer, number, to_unit="GM-LJ-BH", reason="线路归滨湖")
    assert set(house.tasks(number)) == {"dispatch"}
    assert session.scalars(sa.select(OrderTransfer.to_unit)).all() == ["GM-LJ-BH"]
    assert house.order(number).crew_id is None


def test_a_suspension_stops_the_clocks_its_reason_stops(house: House) -> None:
    number = house.accept().number
    dispatch(house, number)
    house.complete(number, "take", "crew_leader", MINUTE, take_action="take")
    due = limit(house, number, "arrive").due_at
    house.do(suspend, number, reason="appointment", until=house.now + timedelta(hours=3), note="客户下午在家")
    assert house.order(number).status == "SUSPENDED"
    assert house.tasks(number) == {}
    assert limit(house, number, "arrive").state == "paused"
    house.advance(timedelta(hours=3))
    assert house.order(number).status == "ACCEPTED"
    assert set(house.tasks(number)) == {"depart"}
    assert limit(house, number, "arrive").due_at == due + timedelta(hours=3)


def test_material_does_not_stop_the_clock_and_a_suspended_order_may_go_on_early(house: House) -> None:
    number = house.accept().number
    house.to_site(number)
    house.complete(
        number,
        "survey",
        "crew_leader",
        fault_type="cable",
        fault_cause="ageing",
        ownership="utility",
        etr=(house.now + timedelta(hours=6)).isoformat(),
    )
    due = limit(house, number, "restore").due_at
    house.do(suspend, number, reason="material", until=house.now + timedelta(hours=2))
    assert limit(house, number, "restore").state == "running"
    assert limit(house, number, "progress").state == "paused"
    house.advance(10 * MINUTE)
    house.do(resume, number)
    assert set(house.tasks(number)) == {"repair"}
    assert limit(house, number, "restore").due_at == due
    house.complete(number, "repair", "crew_leader", repair_action="progress", progress_note="已挖开")
    house.complete(number, "repair", "crew_leader", repair_action="restored")
    assert house.order(number).status == "RESTORED"


@pytest.mark.parametrize("steps", ["new", "dispatched", "on_site", "suspended"])
def test_a_customer_may_cancel_until_power_is_back(house: House, steps: str) -> None:
    number = house.accept().number
    if steps in ("dispatched",):
        dispatch(house, number)
    if steps == "on_site":
        house.to_site(number)
    if steps == "suspended":
        house.do(suspend, number, reason="weather", until=house.now + timedelta(hours=3))
    house.do(operations.cancel, number, reason="restored_itself", by="agent")
    order = house.order(number)
    assert (order.status, order.closing_reason) == ("CANCELLED", "restored_itself")
    assert house.tasks(number) == {}
    assert all(each.state in ("closed", "met") for each in limits_of(order.id))
    house.settle()
    with pytest.raises(Conflict):
        house.do(operations.cancel, number, reason="withdrawn", by="agent")


def test_who_may_and_when_is_refused_clearly(house: House) -> None:
    number = house.accept().number
    with pytest.raises(Forbidden):
        house.do(operations.cancel, number, reason="withdrawn", by="crew")
    with pytest.raises(Invalid):
        house.do(operations.cancel, number, reason="because", by="agent")
    with pytest.raises(Forbidden):
        house.do(suspend, number, reason="weather", until=house.now + timedelta(hours=1), by="other_dispatcher")
    with pytest.raises(Invalid):
        house.do(suspend, number, reason="weather", until=house.now - timedelta(hours=1))
    house.to_callback(number)
    with pytest.raises(Conflict):
        house.do(operations.transfer, number, to_unit="GM-LJ-BH", reason="")
