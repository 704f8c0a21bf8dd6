"""Calls and messages on the customer's page: newest first, masked by right, nothing of secret orders."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.customers.models import Customer
from app.desk.models import Conversation
from app.desk.queries.customer_talks import talks_of
from app.identity.queries import UserView
from app.kernel.db import session
from app.notify.models import Delivery
from app.workorders.models import WorkOrder
from tests.customers.accounts import make_customer
from tests.identity.factories import actor_of, make_user, sign_in
from tests.workorders.house import House

pytestmark = pytest.mark.databases
NUMBER = "3301005566"


@pytest.fixture
def customer(house: House) -> Customer:
    return make_customer(house.units["GM-LJ-QS"], NUMBER)


def talk(house: House, customer: Customer, *, orders: list[str], note: str, ago: int) -> None:
    at = house.now - timedelta(hours=ago)
    session.add(
        Conversation(
            **{"agent_id": house.people["agent"].id, "number": "13800138000", "customer_id": customer.id},
            **{"category": "inquiry", "orders": orders, "answers": [], "result": "told", "note": note},
            **{"started_at": at, "ended_at": at + timedelta(minutes=2)},
        )
    )
    session.commit()


def message(house: House, order: str, text: str) -> None:
    session.add(
        Delivery(
            **{"channel": "sms", "recipient": "13800138000", "text": text, "key": text, "subject_type": "order"},
            **{"subject_id": order, "by": "agent", "created_at": house.now, "state": "sent"},
        )
    )
    session.commit()


def texts(customer: Customer, house: House, who: UserView) -> list[str]:
    return [one.text for one in talks_of(customer, actor=actor_of(who), now=house.now)]


def test_the_newest_comes_first_and_secret_orders_are_left_out(house: House, customer: Customer) -> None:
    order, other = house.accept(account_no=NUMBER), house.accept(account_no=NUMBER, description="配变异响")
    talk(house, customer, orders=[], note="问电价", ago=3)
    talk(house, customer, orders=[other.number], note="投诉", ago=2)
    message(house, order.number, "已派单")
    message(house, other.number, "保密答复")
    session.query(WorkOrder).filter_by(number=other.number).update({"secrecy": "secret", "accepted_by": "user:0"})
    session.commit()
    head = make_user(posts=[("dispatcher", house.units["GM-LJ-QS"])])
    assert texts(customer, house, head) == ["已派单", "问电价"]


def test_numbers_are_masked_and_texts_left_out_without_the_right(house: House, customer: Customer) -> None:
    talk(house, customer, orders=[], note="问电价", ago=1)
    reader = make_user(posts=[("meter_reader", house.units["GM-LJ-QS"])])
    (found,) = talks_of(customer, actor=actor_of(reader), now=house.now)
    assert (found.number, found.text, found.seconds) == ("138****8000", "", 120)


def test_the_page_shows_them(house: House, customer: Customer, client: FlaskClient) -> None:
    sign_in(client, house.people["agent"])
    assert "暂无通话和消息" in client.get(f"/customers/{NUMBER}?tab=contacts").text
    talk(house, customer, orders=[], note="问电价", ago=1)
    message(house, house.accept(account_no=NUMBER).number, "已派单")
    page = client.get(f"/customers/{NUMBER}?tab=contacts").text
    for part in ("问电价", "13800138000", "已告知情况", "已派单", "已发送", "2:00"):
        assert part in page, part
