"""The customer of an order: their grade sets its limits, their page and others' lists show it to those who may."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.customers.models import Customer
from app.customers.records import is_known, records_of
from app.workorders.queries import limits_of
from tests.customers.accounts import make_customer
from tests.identity.factories import sign_in
from tests.workorders.house import House

NUMBER = "3301005566"


@pytest.fixture
def customer(house: House) -> Customer:
    return make_customer(house.units["GM-LJ-QS"], NUMBER, importance="first")


def amounts(house: House, number: str) -> dict[str, float]:
    return {limit.stage: limit.amount for limit in limits_of(house.order(number).id)}


@pytest.mark.usefixtures("customer")
def test_an_important_customers_repair_is_dispatched_in_5_and_reached_in_30_minutes(house: House) -> None:
    order = house.accept()
    assert order.importance == "first", "whatever the agent chose"
    assert amounts(house, order.number)["dispatch"] == 5
    assert amounts(house, order.number)["arrive"] == 30


def test_an_ungraded_customer_keeps_what_the_agent_chose(house: House, customer: Customer) -> None:
    assert house.accept(account_no="3301999999", importance="second").importance == "second"
    assert house.accept(account_no="", importance="none").importance == "none"


@pytest.mark.usefixtures("customer")
def test_the_customers_page_shows_their_orders_to_those_who_may(house: House, client: FlaskClient) -> None:
    order = house.accept()
    sign_in(client, house.people["agent"])
    assert order.number in client.get(f"/customers/{NUMBER}?tab=orders").text
    assert order.number in client.get(f"/customers/{NUMBER}/panels").text
    assert f"account_no={NUMBER}" in client.get(f"/customers/{NUMBER}?tab=orders").text
    assert NUMBER in client.get(f"/orders/new?account_no={NUMBER}").text


@pytest.mark.usefixtures("customer")
def test_others_read_orders_as_records(house: House, app: Flask) -> None:
    order = house.accept()
    with app.test_request_context("/"):
        assert is_known("orders")
        found = records_of("orders", [NUMBER, "none such"])
        assert [record.number for record in found[NUMBER]] == [order.number]
        assert found[NUMBER][0].open
        assert found[NUMBER][0].in_time
        assert not records_of("orders", [NUMBER], until=order.reported_at)
        assert records_of("weather", [NUMBER]) == {}
