"""Attempts and hours of the callback, still out, giving up."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa

from app.customers.models import CustomerSetting
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.workorders.models import Callback, WorkOrder
from app.workorders.operations.accounts import callback_from
from app.workorders.operations.callback import plan_callback
from app.workorders.operations.callback_plan import Strategy
from app.workorders.queries.limits import limits_of
from tests.customers.accounts import make_contact, make_customer
from tests.workorders.house import House

pytestmark = pytest.mark.databases

MINUTE = timedelta(minutes=1)


def test_attempts_keep_their_gap_and_their_hours_until_the_customer_answers(house: House) -> None:
    house.clock.advance(timedelta(hours=1))
    number = house.accept().number
    house.to_callback(number)
    house.complete(number, "call", "callback", callback_result="no_answer")
    house.settle()
    assert house.tasks(number) == {}
    house.advance(timedelta(hours=2, minutes=5))
    assert house.tasks(number) == {}, "the next attempt would fall into the midday rest"
    house.clock.set(datetime(2026, 3, 2, 14, 0, tzinfo=LOCAL))
    house.settle()
    house.complete(
        number, "call", "callback", callback_result="restored", satisfaction="dissatisfied", callback_opinion="太慢"
    )
    assert house.order(number).status == "ARCHIVED"
    made = session.execute(sa.select(Callback.attempt, Callback.result, Callback.satisfaction)).all()
    assert [tuple(row) for row in made] == [(1, "no_answer", ""), (2, "restored", "dissatisfied")]


def test_after_the_last_attempt_the_order_is_archived_unreached(house: House) -> None:
    number = house.accept().number
    house.to_callback(number)
    for _ in range(3):
        house.settle()
        if not house.tasks(number):
            house.clock.advance(timedelta(hours=4))
            house.settle()
        house.complete(number, "call", "callback", callback_result="no_answer")
    order = house.order(number)
    assert (order.status, order.outcome) == ("ARCHIVED", "unreachable")


def test_a_customer_still_out_opens_the_order_again_with_its_original_time(house: House) -> None:
    accepted = house.accept()
    number = accepted.number
    house.to_callback(number)
    house.complete(number, "call", "callback", 10 * MINUTE, callback_result="still_out")
    order = house.order(number)
    assert (order.status, order.round, order.reported_at) == ("NEW", 2, accepted.reported_at)
    assert set(house.tasks(number)) == {"dispatch"}
    running = {limit.stage for limit in limits_of(order.id) if limit.state == "running"}
    assert running == {"redispatch", "rearrive"}
    house.to_callback(number)
    house.complete(number, "call", "callback", callback_result="restored", satisfaction="satisfied")
    assert house.order(number).status == "ARCHIVED"


def test_a_callback_waits_for_the_end_of_the_customers_own_quiet_hours(house: House) -> None:
    customer = make_customer(house.units["GM-LJ-QS"], "3301005566")
    make_contact(customer)
    session.add(
        CustomerSetting(
            customer_id=customer.id,
            quiet_from=time(9),
            quiet_to=time(15, 30),
            channels=["phone"],
            updated_by="1",
            updated_at=house.now,
        )
    )
    session.commit()
    order = session.scalars(
        sa.select(WorkOrder).where(WorkOrder.number == house.accept(account_no="3301005566").number)
    ).one()
    at = datetime(2026, 3, 2, 10, 0, tzinfo=LOCAL)
    strategy = Strategy(attempts=3, gap=120, deadline=1440, windows="08:00-12:00,14:00-21:00")
    assert callback_from(order, at=at).astimezone(LOCAL).hour == 15
    planned = plan_callback(order, strategy, now=at)["callback_at"]
    assert planned is not None
    assert datetime.fromisoformat(planned) == datetime(2026, 3, 2, 15, 30, tzinfo=LOCAL)
    order.secrecy = "secret"
    assert callback_from(order, at=at) == at
    order.secrecy, order.account_no = "none", "no such"
    assert callback_from(order, at=at) == at
    session.rollback()
