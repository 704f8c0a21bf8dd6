"""The resources of bills and payments: explained lines, arrears, payments once each, rights by unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.clock import FrozenClock
from tests.api.tokens import token_of
from tests.billing.accounts import Account, account, monthly, prepare_rules
from tests.identity.factories import make_unit, make_user


@pytest.fixture
def billed(app: Flask, clock: FrozenClock, client: FlaskClient) -> tuple[Account, Any]:
    """A customer with a bill of 300 yuan, ten days overdue, and a clerk's way to call."""
    prepare_rules()
    unit = make_unit("U")
    customer = account(clock, readings=monthly(date(2026, 1, 1), 600), unit_path=unit.path)
    customer.bill("202602", date(2026, 2, 2))
    clock.set(clock.now().replace(month=3, day=4))
    clerk = make_user(posts=[("billing", unit)])
    headers = token_of(clerk, clock.now(), "bill.view", "payment.record")

    def call(method: str, path: str, **options: Any) -> Any:
        return client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    return customer, call


def test_a_customers_bills_and_arrears(billed: tuple[Account, Any]) -> None:
    customer, call = billed
    found = call("GET", f"/customers/{customer.number}/bills").json
    assert found["arrears"] == {
        "principal": "300.00", "late": "3.00", "total": "303.00", "open": "0", "since": "2026-02-22",
    }  # fmt: skip
    assert [(each["period"], each["amount"], each["overdue"]) for each in found["items"]] == [
        ("202602", "300.00", True)
    ]
    assert call("GET", "/customers/0000/bills").status_code == 404
    assert call("GET", f"/customers/{customer.number}/bills?limit=0").status_code == 422


def test_a_bill_is_explained_in_the_callers_language(billed: tuple[Account, Any]) -> None:
    _customer, call = billed
    number = call("GET", f"/customers/{_customer.number}/bills").json["items"][0]["number"]
    found = call("GET", f"/bills/{number}?lang=en").json
    assert sum(Decimal(line["amount"]) for line in found["lines"] if line["counted"]) == Decimal(found["amount"])
    assert found["lines"][0]["why"] == "600 kWh × 0.5 yuan/kWh = 300.00 yuan."
    assert "千瓦时" in call("GET", f"/bills/{number}").json["lines"][0]["why"]
    assert call("GET", "/bills/ZD0").status_code == 404


def test_a_payment_sent_twice_is_recorded_once(billed: tuple[Account, Any]) -> None:
    customer, call = billed
    sent = {"customer": customer.number, "amount": "303.00", "source": "bank", "reference": "B-1"}
    first, again = call("POST", "/payments", json=sent), call("POST", "/payments", json=sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["number"] == again.json["number"]
    assert call("GET", f"/customers/{customer.number}/bills").json["arrears"]["total"] == "0"
    other = call("POST", "/payments", json={**sent, "amount": "1.00"})
    assert (other.status_code, other.json["code"]) == (409, "payment_reference_reused")


@pytest.mark.parametrize("amount", ["-1", "0", "1.001", "NaN", "x", "1e20"])
def test_amounts_that_are_none_are_refused(billed: tuple[Account, Any], amount: str) -> None:
    customer, call = billed
    sent = {"customer": customer.number, "amount": amount, "source": "bank", "reference": "B-1"}
    assert call("POST", "/payments", json=sent).status_code == 422


def test_another_units_clerk_sees_and_records_nothing(
    billed: tuple[Account, Any], client: FlaskClient, clock: FrozenClock
) -> None:
    customer, call = billed
    stranger = make_user(posts=[("billing", make_unit())])
    headers = token_of(stranger, clock.now(), "bill.view", "payment.record")
    number = call("GET", f"/customers/{customer.number}/bills").json["items"][0]["number"]
    sent = {"customer": customer.number, "amount": "1.00", "source": "bank", "reference": "B-2"}
    assert client.get(f"/api/v1/customers/{customer.number}/bills", headers=headers).status_code == 403
    assert client.get(f"/api/v1/bills/{number}", headers=headers).status_code == 403
    assert client.post("/api/v1/payments", json=sent, headers=headers).status_code == 403
