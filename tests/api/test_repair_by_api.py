"""A repair from the report to the archive through the API alone: HTTP, tokens, and the clock's own functions."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.api.tokens import token_of
from tests.workorders.house import REPLY, SURVEY, House

pytestmark = pytest.mark.databases

MINUTE = timedelta(minutes=1)

REPORT: dict[str, Any] = {
    "unit": "GM-LJ-QS",
    "address": "青山县解放路 12 号 3 单元",
    "description": "整栋楼停电，已约半小时",
    "contact_name": "王芳",
    "phone": "138 0013 8000",
    "account_no": "3301005566",
    "sub_type": "low_voltage",
    "symptom": "building",
    "channel": "app",
}

SCOPES = {
    "agent": ("order.create", "order.read", "customer.reveal", "task.work"),
    "dispatcher": ("task.work", "task.read", "order.read"),
    "crew_leader": ("task.work", "order.read", "crew.work"),
    "reviewer": ("task.work", "task.read", "order.read"),
    "callback": ("task.work", "order.read", "order.callback"),
}

WORKER = ("task.work", "order.read")
"""What a post needs whose work is tasks alone."""


def photo() -> io.BytesIO:
    """A small photograph."""
    content = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 140, 90)).save(content, "JPEG")
    content.seek(0)
    return content


class Caller:
    """One post of the house with its token."""

    def __init__(self, house: House, client: FlaskClient, post: str) -> None:
        self.house, self.client = house, client
        self.headers = token_of(house.people[post], house.now, *SCOPES.get(post, WORKER))

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1{path}", headers=self.headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.json

    def post(self, path: str, status: int = 200, **options: Any) -> Any:
        answer = self.client.post(f"/api/v1{path}", headers=self.headers, **options)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json

    def upload(self) -> int:
        stored = self.post("/files", 201, data={"file": (photo(), "现场.jpg")})
        return int(stored["id"])

    def complete(self, number: str, element: str, **data: Any) -> Any:
        """Find the open task, take it where it is offered, and send its form."""
        scopes = [f"/tasks?scope={scope}&key={number}&element={element}" for scope in ("mine", "groups")]
        lines = [line for path in scopes for line in self.get(path)["tasks"]]
        assert lines, f"{element} is not open"
        task = self.get(f"/tasks/{lines[0]['id']}")
        assert task["form"]["id"].endswith(f"-{element}")
        if "claim" in task["may"] and task["assignee_id"] is None:
            self.post(f"/tasks/{task['id']}/claim")
        return self.post(f"/tasks/{task['id']}/complete", json={"data": data})


def test_a_repair_from_report_to_archive(house: House, client: FlaskClient) -> None:
    agent, dispatcher, leader, reviewer, callback = (Caller(house, client, post) for post in SCOPES)
    order = agent.post("/orders", 201, json=REPORT)
    number = order["number"]
    assert (order["status"], order["phone"], order["next_limit"]) == ("NEW", "13800138000", "dispatch")
    agent.post(f"/orders/{number}/attachments", 201, data={"file": (photo(), "客户拍摄.jpg")})

    house.advance(MINUTE)
    dispatcher.complete(number, "dispatch", dispatch_action="dispatch", crew=str(house.crew))
    house.advance(MINUTE)
    leader.complete(number, "take", take_action="take")
    leader.complete(number, "depart", depart_vehicle="浙A12345")
    house.advance(20 * MINUTE)
    leader.complete(
        number,
        "arrive",
        arrive_photos=[leader.upload()],
        arrive_lat=30.25,
        arrive_lon=120.16,
        arrive_accuracy=8,
        arrive_time=house.now.isoformat(),
    )
    etr = (house.now + 40 * MINUTE).isoformat()
    leader.complete(number, "survey", **SURVEY, etr=etr)
    house.advance(40 * MINUTE)
    leader.complete(number, "repair", repair_action="restored")
    leader.complete(number, "reply", **REPLY, reply_restored_at=house.now.isoformat())
    house.advance(5 * MINUTE)
    reviewer.complete(number, "review", review_action="pass")
    house.settle()
    callback.complete(number, "call", callback_result="restored", satisfaction="satisfied")
    house.settle()

    order = agent.get(f"/orders/{number}")
    assert (order["status"], order["outcome"], order["fault_cause"]) == ("ARCHIVED", "answered", "tree")
    assert [stamp["name"] for stamp in order["stamps"]] == [
        "accepted", "dispatched", "taken", "left", "arrived", "surveyed", "estimated",
        "restored", "replied", "reviewed", "called_back", "archived",
    ]  # fmt: skip
    assert all(limit["state"] == "met" and not limit["breached"] for limit in order["limits"])
    assert order["timeline"][0]["text"]
    assert dispatcher.get(f"/orders/{number}")["phone"] == "138****8000"
    assert [line["number"] for line in agent.get("/orders?state=closed")["orders"]] == [number]
