"""Customers through the API: written, found and read, each item judged by itself."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.customers.models import Customer, Meter
from app.identity.queries import UnitView
from app.kernel.audit import AuditEntry
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.api.tokens import token_of
from tests.customers.factories import demo_units, make_fictive, sync_words
from tests.identity.factories import make_user

NEW: dict[str, Any] = {
    "name": "王小芳",
    "address": "临江市青山县解放路12号3单元502室",
    "unit": "GM-LJ-QS-01",
    "kind": "lv_resident",
    "contract_capacity": "8",
    "contacts": [{"name": "王小芳", "role": "owner", "phone": "138 0013 8000", "preferred": True}],
}
HERE = "/api/v1/customers"


@pytest.fixture
def units(app: Flask) -> list[UnitView]:
    sync_words()
    return demo_units()


@pytest.fixture
def headers(units: list[UnitView], clock: FrozenClock) -> dict[str, str]:
    user = make_user(posts=[("steward", units[0])])
    return token_of(user, clock.now(), "customer.read", "customer.write")


@pytest.mark.databases
def test_a_customer_is_put_read_and_found(client: FlaskClient, headers: dict[str, str]) -> None:
    made = client.put(f"{HERE}/3301990001", json=NEW, headers=headers)
    assert (made.status_code, made.json) == (201, {"number": "3301990001", "outcome": "created", "revision": 1})
    again = client.put(f"{HERE}/3301990001", json=NEW, headers=headers)
    assert (again.status_code, again.json["outcome"], again.headers["ETag"]) == (200, "same", '"1"')
    answer = client.get(f"{HERE}/3301990001", headers=headers)
    assert answer.json["contacts"][0]["phone"] == "138****8000"  # without the scope customer.sensitive
    assert answer.headers["ETag"] == '"1"'
    assert session.scalars(sa.select(AuditEntry.action)).all().count("customer.looked") == 1
    for text in ("3301990001", "13800138000", "王小芳", "解放路12号"):
        found = client.get(HERE, query_string={"q": text}, headers=headers).json["customers"]
        assert [line["number"] for line in found] == ["3301990001"], text
    assert found[0]["name"] == "王**"


def test_a_revision_that_is_no_more(client: FlaskClient, headers: dict[str, str]) -> None:
    client.put(f"{HERE}/3301990001", json=NEW, headers=headers)
    right = client.put(f"{HERE}/3301990001", json={"name": "王芳"}, headers={**headers, "If-Match": '"1"'})
    wrong = client.put(f"{HERE}/3301990001", json={"name": "王方"}, headers={**headers, "If-Match": '"1"'})
    only_new = client.put(f"{HERE}/3301990001", json=NEW, headers={**headers, "If-None-Match": "*"})
    assert (right.status_code, right.headers["ETag"]) == (200, '"2"')
    assert (wrong.status_code, wrong.json["code"], wrong.json["details"]) == (412, "customer_changed", {"revision": 2})
    assert only_new.status_code == 412


@pytest.mark.databases
def test_a_batch_judges_each_item_by_itself(client: FlaskClient, headers: dict[str, str]) -> None:
    client.put(f"{HERE}/3301990001", json=NEW, headers=headers)
    items = [
        {**NEW, "number": "3301990001"},
        {**NEW, "number": "3301990002"},
        {**NEW, "number": "3301990003", "unit": "NOWHERE"},
        {**NEW, "number": "3301990004", "unit": "GM-LJ-BH-01"},
        {**NEW, "number": "3301990005", "contacts": [{"phone": "无"}]},
        {"number": "3301990001", "name": "新名", "revision": 7},
    ]
    answer = client.post(f"{HERE}/batch", json={"customers": items}, headers=headers)
    results = answer.json["results"]
    assert [result["outcome"] for result in results] == ["same", "created", *["refused"] * 4]
    assert results[2]["errors"] == {"unit": ["没有这个单位。"]}
    assert [result.get("code") for result in results[3:]] == ["forbidden", "invalid_customer", "customer_changed"]
    assert answer.json["counts"] == {"same": 1, "created": 1, "refused": 4}
    assert session.scalars(sa.select(Customer.number).order_by(Customer.number)).all() == ["3301990001", "3301990002"]


def test_what_is_no_batch_is_refused_whole(client: FlaskClient, headers: dict[str, str]) -> None:
    for body in ({"customers": []}, {"customers": [{"name": "x"}]}, {"customers": [{"number": "1", "colour": "red"}]}):
        assert client.post(f"{HERE}/batch", json=body, headers=headers).status_code == 422
    too_many = {"customers": [{"number": str(n)} for n in range(1001)]}
    assert client.post(f"{HERE}/batch", json=too_many, headers=headers).status_code == 422


@pytest.mark.databases
def test_readings(client: FlaskClient, headers: dict[str, str], units: list[UnitView], clock: FrozenClock) -> None:
    make_fictive(1, units, now=clock.now(), months=3)
    number, meter = session.execute(sa.select(Customer.number, Meter.number).join(Meter)).one()
    session.rollback()
    sent = [
        {"meter": meter, "read_on": "2026-03-02", "total": "1"},
        {"meter": "none", "read_on": "2026-03-02", "total": "1"},
        {"meter": meter, "read_on": "2026-03-02", "total": "900000"},
        {"meter": meter, "read_on": "2026-03-02", "total": "900000", "confirmed": True},
        {"meter": meter, "read_on": "2026-03-02", "total": "900000"},
    ]
    answer = client.post(f"{HERE}/{number}/readings", json={"readings": sent}, headers=headers)
    outcomes = [(result["outcome"], result["findings"]) for result in answer.json["results"]]
    assert outcomes == [
        ("refused", ["backwards"]),
        ("refused", []),
        ("refused", ["unusually_high"]),
        ("created", ["unusually_high"]),
        ("same", []),
    ]


def test_rights_and_units(
    client: FlaskClient, headers: dict[str, str], units: list[UnitView], clock: FrozenClock
) -> None:
    assert client.get(HERE, query_string={"q": "1"}).status_code == 401
    agent = make_user(posts=[("agent", units[0])])
    for_agent = token_of(agent, clock.now(), "customer.view")
    assert client.put(f"{HERE}/3301990001", json=NEW, headers=for_agent).status_code == 403
    client.put(f"{HERE}/3301990001", json=NEW, headers=headers)
    elsewhere = token_of(make_user(posts=[("steward", units[2])]), clock.now(), "customer.read", "customer.write")
    assert client.get(f"{HERE}/3301990001", headers=elsewhere).status_code == 403
    assert client.put(f"{HERE}/3301990001", json={"name": "x"}, headers=elsewhere).status_code == 403
    assert client.get(HERE, query_string={"q": "3301990001"}, headers=elsewhere).json == {"customers": []}
    assert client.get(f"{HERE}/%00", headers=headers).status_code == 404
    assert client.get(f"{HERE}/nobody", headers=headers).status_code == 404
