"""A new low-voltage supply from the application to the archive through the API alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.clock import FrozenClock
from tests.api.test_repair_by_api import Caller
from tests.workorders.house import House, build

MINUTE = timedelta(minutes=1)
APPLICATION: dict[str, Any] = {
    "category": "application",
    "sub_type": "lv_resident",
    "description": "新房申请用电",
    "contact_name": "王芳",
    "phone": "138 0013 8000",
    "unit": "GM-LJ-QS",
    "channel": "app",
    "details": {"capacity": 8, "use": "居民生活"},
}


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    return build(clock, "inquiry", "application_lv")


def test_a_new_supply_from_application_to_archive(house: House, client: FlaskClient) -> None:
    posts = ("agent", "surveyor", "clerk", "installer", "callback")
    agent, surveyor, clerk, installer, callback = (Caller(house, client, post) for post in posts)
    refused = agent.post("/orders", 422, json={**APPLICATION, "details": {"use": "居民生活"}})
    assert "details.capacity" in refused["details"]["errors"]
    order = agent.post("/orders", 201, json=APPLICATION)
    number = order["number"]
    assert (order["status"], order["category"], order["sub_type"]) == ("NEW", "application", "lv_resident")

    house.advance(MINUTE)
    surveyor.complete(number, "survey", survey_possible="yes", survey_source="城东 3 号台区", survey_note="具备条件")
    plan = {"plan_capacity": 8, "plan_source": "城东 3 号台区", "plan_meter": "单相", "plan_reply": "accepted"}
    clerk.complete(number, "plan", **plan)
    clerk.complete(number, "contract", contract_no="HT-1", fee=0)
    house.advance(MINUTE)
    installer.complete(number, "connect", meter_no="M1", meter_start=0, connected_at=house.now.isoformat())
    house.settle()
    callback.complete(number, "visit", visit_result="confirmed", satisfaction="satisfied")
    house.settle()

    order = agent.get(f"/orders/{number}")
    assert (order["status"], order["outcome"]) == ("ARCHIVED", "answered")
    assert {stamp["name"] for stamp in order["stamps"]} >= {"accepted", "called_back", "archived"}
    assert {limit["stage"]: limit["state"] for limit in order["limits"]}["total"] in ("met", "closed")
    assert all(not limit["breached"] for limit in order["limits"])
    assert [line["number"] for line in agent.get("/orders?state=closed&category=application")["orders"]] == [number]
