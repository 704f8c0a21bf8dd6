"""What a hand does that must not go wrong: still out after a second call, moves, cancellations, others' units."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.customers.models import Customer, Premises
from app.identity.authority import Forbidden
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.network.grid import Grid
from app.network.grid.building import Builder
from app.network.grid.customers import Customers
from app.network.grid.supply import Supply
from app.network.grid.topology import Group
from app.outages.models import Outage, OutageCustomer, OutageStep, OutageVerification, TroubleCall
from app.outages.operations import calls, confirming, executing, restoring, trouble, verifying
from app.outages.operations.find import OutageChanged, OutageOver
from app.outages.operations.trouble import Trouble
from app.workorders.models import WorkOrder
from app.workorders.operations import cancel
from tests.outages import world as towns
from tests.outages.handling.grid_town import Place, settle
from tests.outages.handling.test_planned import asked, pass_and_approve, until
from tests.outages.handling.test_planned import outage as plan_of
from tests.outages.handling.test_unplanned import fresh, located, open_again
from tests.outages.test_orders import accept
from tests.outages.world import TOWN, World, active, calls_of, members_of, with_customers
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def place(house: House) -> Place:
    return settle(house)


def restored(world: World, house: House) -> Outage:
    outage = located(world, house)
    house.do(confirming.confirm, outage.number)
    house.settle()
    house.clock.advance(HOUR)
    house.do(restoring.restore, outage.number)
    house.settle()
    return fresh(outage)


def question(customer_id: int) -> OutageVerification:
    query = sa.select(OutageVerification).where(OutageVerification.customer_id == customer_id)
    return session.scalars(query).one()


@pytest.mark.databases
def test_who_calls_again_and_then_is_asked_was_out_all_the_time(world: World, house: House) -> None:
    outage = restored(world, house)
    customer = world.customers["T1"][0]
    house.clock.advance(10 * MINUTE)
    again = world.call("T1", now=house.now)
    house.settle()
    number = house.do(verifying.answer, question(customer).id, "still_out", by="callback")
    house.settle()
    nested = session.scalars(sa.select(Outage).where(Outage.number == number)).one()
    assert (nested.parent_id, nested.started_at) == (outage.id, outage.started_at)
    assert members_of(nested) == {customer}
    assert again.call_id in {call.id for call in calls_of(nested)}
    later = session.scalars(sa.select(Outage).where(Outage.number == again.outage_number)).one()
    assert (later.status, later.joined_into_id, members_of(later)) == ("cancelled", nested.id, set())


@pytest.mark.databases
def test_of_several_who_call_again_only_who_was_still_out_is_nested(world: World, house: House) -> None:
    outage = restored(world, house)
    first, second = world.customers["T1"][:2]
    house.clock.advance(10 * MINUTE)
    for customer in (0, 1):
        world.call("T1", customer=customer, now=house.now)
    house.settle()
    number = house.do(verifying.answer, question(first).id, "still_out", by="callback")
    house.settle()
    nested = session.scalars(sa.select(Outage).where(Outage.number == number)).one()
    assert (nested.parent_id, members_of(nested)) == (outage.id, {first})
    (later,) = [one for one in active() if one.status == "predicted"]
    assert (later.kind, later.calls, members_of(later)) == ("probable_service", 1, {second})
    assert later.customers_out == 1


@pytest.mark.databases
def test_an_order_of_another_system_that_leads_an_outage_is_a_callers(world: World, house: House) -> None:
    orders = [
        house.accept(account_no=f"33T1-{n}", phone=f"1380013000{n}", external_no="12345-1" if n == 0 else "")
        for n in range(3)
    ]
    house.settle()
    (outage,) = active()
    house.complete(outage.number, "confirm", "dispatcher", judgement="outage")
    house.settle()
    assert fresh(outage).main_order_id == orders[0].id
    house.clock.advance(30 * MINUTE)
    house.do(restoring.restore, outage.number)
    house.do(open_again, orders[0].id, "still_out")
    house.settle()
    session.expire_all()
    (nested,) = session.scalars(sa.select(Outage).where(Outage.parent_id == outage.id))
    assert nested.main_order_id == orders[0].id


def test_another_systems_order_that_leads_can_be_cancelled(world: World, house: House) -> None:
    first = accept(house, "T1", external_no="12345-77")
    second = accept(house, "T1", 1)
    (outage,) = active()
    house.do(confirming.confirm, outage.number)
    house.settle()
    house.do(cancel, first.number, reason="restored_itself")
    house.settle()
    session.expire_all()
    assert session.get_one(WorkOrder, first.id).status == "CANCELLED"
    (call,) = session.scalars(sa.select(TroubleCall).where(TroubleCall.order_id == first.id))
    assert call.state == "closed"
    assert fresh(outage).main_order_id == second.id


def test_nobody_is_moved_into_a_plan_that_has_not_begun(house: House, place: Place) -> None:
    number = asked(house, place)
    report = Trouble(source="api", key="k1", customer_id=place.ids[0])
    db.run(lambda: trouble.report(report, actor=SYSTEM, now=house.now))
    house.settle()
    call = session.scalars(sa.select(TroubleCall)).one()
    with pytest.raises(calls.CannotMove):
        house.do(calls.move, call.id, number, reason="试")
    session.rollback()
    rows = sa.select(OutageCustomer.id).join(Outage, Outage.id == OutageCustomer.outage_id)
    assert session.scalars(rows.where(Outage.number == number)).all() == []


@pytest.mark.databases
def test_later_callers_of_a_confirmed_zone_outage_belong_to_it(world: World, house: House) -> None:
    def call(first: int) -> None:
        for n in range(first, first + 4):
            world.call(
                now=house.now,
                phone=f"1390000{n:04d}",
                address=f"无名路{n}号",
                zone="Z-X",
                unit_code=world.unit[0],
                unit_path=world.unit[1],
            )

    call(1110)
    house.settle()
    (outage,) = active()
    house.do(confirming.confirm, outage.number)
    house.settle()
    call(2220)
    house.settle()
    (outage,) = active()
    assert outage.calls == 8
    assert {call.screening for call in calls_of(outage)} == {"passed", "known"}


def test_an_announced_plan_is_called_off_not_found_to_be_none(house: House, place: Place) -> None:
    number = asked(house, place)
    pass_and_approve(house, number)
    with pytest.raises(confirming.NotCancellable):
        house.do(confirming.cancel, number, reason="试")
    until(house, plan_of(number).planned_from)
    house.complete(number, "switch_off", "dispatcher")
    house.settle()
    with pytest.raises(confirming.NotCancellable):
        house.do(confirming.cancel, number, reason="试")
    session.rollback()
    assert plan_of(number).customers_out == len(place.ids)


def test_nothing_is_switched_or_restored_for_an_outage_that_is_over(world: World, house: House) -> None:
    outage = located(world, house)
    house.do(confirming.cancel, outage.number, reason="误报")
    for step in (executing.switch_off, executing.switch_on, restoring.bring_back):
        with pytest.raises(OutageOver):
            db.run(lambda step=step: step(fresh(outage), actor=SYSTEM, now=house.now))


def neighbours(world: World, house: House) -> str:
    """The second feeder is the neighbour's; returns their path."""
    other = house.units["GM-LJ-BH"]
    builder = Builder()
    builder.vertex("BUS", "busbar", infeed=True, substation="SUB", unit=world.unit)
    builder.substation(Group("SUB", "城东变", "East", *world.unit))
    for breaker, below in TOWN.items():
        unit = world.unit if breaker == "CB1" else (other.code, other.path)
        towns._switch(builder, breaker, "CB", "BUS", f"N-{breaker}", unit)
        builder.feeder(Group(f"L-{breaker}", breaker, breaker, *unit, "SUB", breaker))
        towns._below(builder, below, f"N-{breaker}", unit)
    topology = builder.done()
    bare = Grid(topology, Supply.normal(topology), Customers.none(len(topology.codes)))
    world.normal = world.grid = with_customers(bare, world.customers)
    ids = [one for name in ("T11", "T12", "T13") for one in world.customers[name]]

    def move() -> None:
        for model, column in ((Customer, Customer.id), (Premises, Premises.id)):
            wanted = ids if model is Customer else sa.select(Customer.premises_id).where(Customer.id.in_(ids))
            values = {"unit_code": other.code, "unit_path": other.path}
            session.execute(sa.update(model).where(column.in_(wanted)).values(values))

    db.run(move)
    return other.path


def test_nobody_confirms_at_a_device_of_another_unit(world: World, house: House) -> None:
    path = neighbours(world, house)
    world.call("T1", now=house.now)
    for customer in (0, 1):
        world.call("T11", customer=customer, now=house.now)
    house.settle()
    mine = next(one for one in active() if one.unit_path == world.unit[1])
    theirs = next(one for one in active() if one.unit_path == path)
    with pytest.raises(Forbidden):
        house.do(confirming.confirm, mine.number, "CB2")
    session.rollback()
    with pytest.raises(Forbidden):
        house.do(confirming.confirm, mine.number, "BUS")
    session.rollback()
    assert fresh(theirs).status == fresh(mine).status == "predicted"


def test_a_customer_who_comes_to_a_confirmed_outage_is_in_its_steps(world: World, house: House) -> None:
    outage = located(world, house)
    house.do(confirming.confirm, outage.number)
    house.settle()
    world.call(now=house.now, customer_id=world.customers["T9"][0], transformer_code="T1")
    steps = session.scalars(sa.select(OutageStep).where(OutageStep.outage_id == outage.id)).all()
    assert sum(step.customers for step in steps) == fresh(outage).customers_total == 4


def test_who_saw_an_older_state_neither_restores_nor_estimates_nor_joins(world: World, house: House) -> None:
    outage = located(world, house)
    for customer in (0, 1):
        world.call("T7", customer=customer, now=house.now)
    house.settle()
    other = next(one for one in active() if one.id != outage.id)
    seen = fresh(outage).revision
    house.do(confirming.confirm, outage.number)
    house.settle()
    with pytest.raises(OutageChanged):
        house.do(restoring.restore, outage.number, revision=seen)
    for into, source in ((outage, other), (other, outage)):
        with pytest.raises(OutageChanged):
            house.do(calls.join, [source.number], into=into.number, reason="试", revisions={outage.number: seen})
