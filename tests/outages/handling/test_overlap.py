"""A plan that meets a fault: every customer is in one outage at a time, and every minute is counted once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api as engine
from app.identity import queries as people
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.network import grid
from app.outages.indices.report import report
from app.outages.indices.serving import count_served
from app.outages.indices.wanted import Wanted
from app.outages.models import Outage, OutageCustomer, OutageEvent, OutageInterruption, OutageStep
from app.outages.operations import confirming, restoring, trouble
from app.outages.operations.trouble import Trouble
from tests.outages.handling.grid_town import Place, settle
from tests.outages.handling.test_planned import asked, begin_of, outage, pass_and_approve, until
from tests.outages.test_at_once import together
from tests.workorders.house import House

pytestmark = pytest.mark.databases
MINUTE = timedelta(minutes=1)


@pytest.fixture
def place(house: House) -> Place:
    return settle(house)


@pytest.fixture
def plan(house: House, place: Place) -> str:
    """An announced outage; the clock stands half an hour before it."""
    number = asked(house, place)
    pass_and_approve(house, number)
    until(house, begin_of(number) - 30 * MINUTE)
    return number


def below(transformer: str) -> list[int]:
    """The customers of a transformer."""
    found = grid.current(begin_of_time()).customer_ids(transformer)
    return sorted(int(each) for each in found)


def begin_of_time() -> datetime:
    return datetime(2026, 3, 2, 1, tzinfo=LOCAL)


def calls(house: House, customers: Sequence[int]) -> str:
    """These customers report; the number of the outage they are placed in."""
    for customer in customers:
        told = Trouble(source="web", key=f"web-{customer}-{house.now}", customer_id=customer)
        placed = db.run(lambda told=told: trouble.report(told, actor=SYSTEM, now=house.now))
    house.settle()
    assert placed.outage_number
    return str(placed.outage_number)


def fault(house: House, transformer: str) -> str:
    """A confirmed fault of a transformer; returns its number."""
    number = calls(house, below(transformer))
    house.do(confirming.confirm, number, cause="ageing")
    house.settle()
    return number


def switch_off(house: House, number: str) -> datetime:
    """Carry the plan out at its time; returns when."""
    until(house, begin_of(number))
    house.complete(number, "switch_off", "dispatcher", switch_action="done")
    return house.now


def later(house: House, after: timedelta) -> None:
    """The clock jumps; what is due runs."""
    until(house, house.now + after)


def switch_on(house: House, number: str) -> None:
    house.complete(number, "work", "dispatcher", work_action="restored")
    house.settle()


def spans(number: str) -> dict[int, list[tuple[datetime, datetime | None]]]:
    """When each customer was out in an outage."""
    session.expire_all()
    rows = session.scalars(
        sa.select(OutageCustomer)
        .join(Outage, Outage.id == OutageCustomer.outage_id)
        .where(Outage.number == number)
        .order_by(OutageCustomer.customer_id, OutageCustomer.out_at)
    )
    found: dict[int, list[tuple[datetime, datetime | None]]] = {}
    for row in rows:
        found.setdefault(row.customer_id, []).append((row.out_at, row.restored_at))
    return found


def minutes(number: str) -> tuple[float, float]:
    """The customer-minutes of an outage: by its steps, and by its interruptions as indices count them."""
    session.expire_all()
    of = outage(number).id
    steps = session.scalar(sa.select(sa.func.sum(OutageStep.customer_minutes)).where(OutageStep.outage_id == of))
    rows = session.scalars(sa.select(OutageInterruption).where(OutageInterruption.outage_id == of)).all()
    return float(steps or 0), sum((row.minutes or 0) * row.customers for row in rows)


def kinds(number: str) -> list[str]:
    query = sa.select(OutageEvent.kind).join(Outage, Outage.id == OutageEvent.outage_id).where(Outage.number == number)
    return list(session.scalars(query))


def test_who_is_given_back_below_an_open_switch_is_in_the_plan_from_then(house: House, place: Place, plan: str) -> None:
    here, others = below(place.transformers[0]), [one for one in place.ids if one not in below(place.transformers[0])]
    db.run(lambda: count_served(now=house.now))
    number = fault(house, place.transformers[0])
    lost = outage(number).started_at
    began = switch_off(house, plan)
    assert sorted(spans(plan)) == sorted(others), "who is out in a fault stays with it"
    later(house, 60 * MINUTE)
    back = house.now
    house.do(restoring.restore, number)
    house.settle()
    assert spans(number) == {one: [(lost, back)] for one in here}
    assert spans(plan) == {one: [(began, None)] for one in others} | {one: [(back, None)] for one in here}
    assert outage(plan).customers_out == len(place.ids)
    assert "handed_over" in kinds(number)
    assert "took_over" in kinds(plan)
    later(house, 60 * MINUTE)
    ended = house.now
    switch_on(house, plan)
    assert not session.scalars(sa.select(OutageCustomer.id).where(OutageCustomer.active)).all()

    def apart(since: datetime, to: datetime, who: Sequence[int]) -> float:
        return (to - since) / MINUTE * len(who)

    by_hand = {number: apart(lost, back, here), plan: apart(began, ended, others) + apart(back, ended, here)}
    for each, wanted in by_hand.items():
        assert minutes(each) == pytest.approx((wanted, wanted)), each
    day = began.astimezone(LOCAL).date()
    asked_for = Wanted(unit=house.units["GM-LJ-QS"], since=day, until=day + timedelta(days=1))
    total = report(asked_for, people.subtree(at=house.now), now=house.now).total
    assert total.counted.minutes == pytest.approx(sum(by_hand.values()))
    assert total.counted.interruptions == len(place.ids) + len(here), "a fault and a planned stop: two interruptions"
    assert total.figures["saidi"] == pytest.approx(sum(by_hand.values()) / len(place.ids))


def test_a_prediction_below_the_switch_waits_for_a_person(house: House, place: Place, plan: str) -> None:
    here = below(place.transformers[0])
    number = calls(house, here)
    began = switch_off(house, plan)
    assert len(session.scalars(sa.select(Outage)).all()) == 2, "the plan's own switch is no new outage"
    assert (outage(number).status, outage(number).locked) == ("predicted", True)
    later(house, 20 * MINUTE)
    again = calls(house, here[:1])
    assert again == number
    house.do(confirming.cancel, number, reason="试验引起的误报")
    house.settle()
    assert not spans(number)
    assert spans(plan) == {one: [(began, None)] for one in place.ids}, (
        "never out by a fault: by the plan from its begin"
    )


def test_what_is_entered_late_is_counted_as_it_was(house: House, place: Place, plan: str) -> None:
    here = below(place.transformers[0])
    number = fault(house, place.transformers[0])
    began = switch_off(house, plan)
    later(house, 90 * MINUTE)
    ended = house.now
    switch_on(house, plan)
    before = minutes(plan)[0]
    later(house, 20 * MINUTE)
    back = began + 40 * MINUTE
    house.do(restoring.restore, number, at=back)
    house.settle()
    assert {one: spans(plan)[one] for one in here} == {one: [(back, ended)] for one in here}
    wanted = before + 50 * len(here)
    assert minutes(plan) == pytest.approx((wanted, wanted))
    assert not session.scalars(sa.select(OutageCustomer.id).where(OutageCustomer.active)).all()


def test_a_step_that_gave_the_transformer_back_keeps_nobody(house: House, place: Place, plan: str) -> None:
    first = place.transformers[0]
    number = fault(house, first)
    switch_off(house, plan)
    later(house, 30 * MINUTE)
    house.complete(plan, "work", "dispatcher", work_action="partial", restore_devices=list(place.transformers[1:]))
    under_way = outage(plan)
    assert (under_way.customers_out, under_way.status) == (0, "partially_restored"), "it still cuts off the first"
    house.complete(plan, "work", "dispatcher", work_action="partial", restore_devices=[first])
    assert outage(plan).status in {"restored", "verifying", "closed"}
    later(house, 30 * MINUTE)
    house.do(restoring.restore, number)
    assert not set(spans(plan)) & set(below(first))


@pytest.mark.parametrize("turn", range(3))
def test_switching_off_and_giving_back_at_one_moment_lose_nobody(
    app: Flask, house: House, place: Place, plan: str, turn: int
) -> None:
    number = fault(house, place.transformers[0])
    until(house, begin_of(plan))
    task, dispatcher, now = house.tasks(plan)["switch_off"], house.actor("dispatcher"), house.now

    def off() -> object:
        return engine.complete(task.id, {"switch_action": "done"}, actor=dispatcher, now=now)

    def back() -> object:
        return restoring.restore(number, actor=dispatcher, now=now)

    came = together(app, *((off, back) if turn % 2 else (back, off)))
    assert not [each for each in came if isinstance(each, Exception)], came
    house.settle()
    out = {one: when for one, when in spans(plan).items() if when[-1][1] is None}
    assert sorted(out) == sorted(place.ids)
    assert outage(plan).customers_out == len(place.ids)
