"""The resource of work orders: bounds, repeats, rights, pages, files."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.test_repair_by_api import REPORT, photo
from tests.api.tokens import token_of
from tests.workorders.house import House

ALL = ("order.create", "order.read", "order.remind", "order.cancel", "customer.reveal", "task.work")


@pytest.fixture
def agent(house: House, client: FlaskClient) -> Any:
    headers = token_of(house.people["agent"], house.now, *ALL)

    def call(method: str, path: str, **options: Any) -> Any:
        own = {**headers, **options.pop("headers", {})}
        return client.open(f"/api/v1{path}", method=method, headers=own, **options)

    return call


def test_the_same_key_answers_the_same_order(agent: Any) -> None:
    key = {"Idempotency-Key": "abc-1"}
    first = agent("POST", "/orders", json=REPORT, headers=key)
    again = agent("POST", "/orders", json=REPORT, headers=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["number"] == again.json["number"]
    other = agent("POST", "/orders", json={**REPORT, "address": "别处 1 号"}, headers=key)
    assert (other.status_code, other.json["code"]) == (409, "key_reused")
    assert other.json["details"]["number"] == first.json["number"]
    assert agent("POST", "/orders", json=REPORT).status_code == 201


def test_the_callers_own_reference_works_as_a_key(agent: Any, house: House, client: FlaskClient) -> None:
    sent = {**REPORT, "reference": "12345-000017"}
    numbers = {agent("POST", "/orders", json=sent).json["number"] for _twice in range(2)}
    assert len(numbers) == 1
    colleague = token_of(house.people["dispatcher"], house.now, "order.create", "order.read")
    theirs = client.post("/api/v1/orders", json=sent, headers=colleague)
    assert theirs.status_code == 201  # another caller's word means another report
    assert theirs.json["possible_duplicates"][0]["reasons"][:2] == ["account", "phone"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"address": ""}, "address"),
        ({"address": "x" * 301}, "address"),
        ({"description": "长" * 2001}, "description"),
        ({"description": "a\x00b"}, "description"),
        ({"phone": "abc"}, "phone"),
        ({"phone": "", "account_no": ""}, "phone"),
        ({"unit": "NOWHERE"}, "unit"),
        ({"hazard": "dragon"}, "hazard"),
        ({"area": "moon"}, "area"),
        ({"sensitive": "perhaps"}, "sensitive"),
        ({"fault_at": "2026-03-02T10:00:00"}, "fault_at"),
        ({"fault_at": "2027-03-02T10:00:00Z"}, "fault_at"),
        ({"photos": [999]}, "photos"),
        ({"photos": ["1"]}, "photos"),
        ({"category": "reminder", "sub_type": ""}, "category"),
    ],
)
def test_fields_are_refused_by_name(agent: Any, changes: dict[str, Any], field: str) -> None:
    answer = agent("POST", "/orders", json={**REPORT, **changes})
    assert answer.status_code == 422
    errors = answer.json["details"]["errors"]
    assert field in (errors.get("json") or errors)
    assert agent("GET", "/orders?state=").json["orders"] == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'"text"'])
def test_a_body_that_is_no_object_is_refused(agent: Any, body: bytes) -> None:
    answer = agent("POST", "/orders", data=body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer.json["code"] in {"bad_request", "invalid"}


def test_the_unit_is_proposed_where_none_is_named(agent: Any) -> None:
    sent = {name: value for name, value in REPORT.items() if name != "unit"}
    assert agent("POST", "/orders", json=sent).json["unit"] == "GM-LJ-QS"


def test_pages_by_key_and_filters(agent: Any) -> None:
    numbers = [agent("POST", "/orders", json=REPORT).json["number"] for _each in range(3)]
    first = agent("GET", "/orders?limit=2").json
    rest = agent("GET", f"/orders?limit=2&after={first['after']}").json
    assert [each["number"] for each in (*first["orders"], *rest["orders"])] == numbers[::-1]
    assert rest["after"] is None
    assert agent("GET", "/orders?q=解放路&unit=GM&lang=en").json["orders"][0]["status_text"] == "New"
    refused = agent("GET", "/orders?limit=0&colour=red&after=x")
    assert set(refused.json["details"]["errors"]["query"]) == {"limit", "colour", "after"}
    assert agent("GET", "/orders?unit=NOWHERE").status_code == 422


def test_reminders_and_cancellation(agent: Any) -> None:
    number = agent("POST", "/orders", json=REPORT).json["number"]
    assert agent("POST", f"/orders/{number}/reminders", json={"note": "快点"}).status_code == 201
    assert agent("POST", f"/orders/{number}/reminders", json={}).status_code == 201
    third = agent("POST", f"/orders/{number}/reminders", json={})
    assert (third.status_code, third.json["code"]) == (409, "too_many_reminders")
    assert agent("POST", f"/orders/{number}/cancellations", json={"reason": "no such"}).status_code == 422
    done = agent("POST", f"/orders/{number}/cancellations", json={"reason": "withdrawn"})
    assert (done.status_code, done.json["status"]) == (201, "CANCELLED")
    assert agent("POST", f"/orders/{number}/cancellations", json={"reason": "withdrawn"}).status_code == 409
    assert agent("GET", "/orders/GD209901010001").status_code == 404


def test_a_false_file_is_refused(agent: Any) -> None:
    number = agent("POST", "/orders", json=REPORT).json["number"]
    path = f"/orders/{number}/attachments"
    assert agent("POST", path, data={"file": (io.BytesIO(b"MZ"), "假.jpg")}).status_code == 422
    assert agent("POST", path, data={}).status_code == 422
    assert agent("POST", path, data={"file": (photo(), "真.jpg")}).status_code == 201


def test_a_token_does_no_more_than_its_scopes(house: House, client: FlaskClient, agent: Any) -> None:
    number = agent("POST", "/orders", json=REPORT).json["number"]
    reads = token_of(house.people["agent"], house.now, "order.read")
    assert client.post("/api/v1/orders", json=REPORT, headers=reads).status_code == 403
    assert client.get(f"/api/v1/orders/{number}", headers=reads).json["account_no"] == "330***5566"
    stranger = token_of(house.people["other_dispatcher"], house.now, "order.read")
    assert client.get(f"/api/v1/orders/{number}", headers=stranger).status_code == 403
    assert client.get("/api/v1/orders", headers=stranger).json["orders"] == []
    assert client.get("/api/v1/orders").status_code == 401
