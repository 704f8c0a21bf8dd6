"""Attempts and hours of the callback, still out, giving up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.workorders.models import Callback
from app.workorders.queries.limits import limits_of
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
