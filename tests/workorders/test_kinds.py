"""Other kinds of orders on the real engine: a new supply, inquiries, samples, a limit an analyst changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.settings import ROOT
from app.workorders.operations.callback_plan import sampled
from app.workorders.queries.limits import limits_of
from tests.identity.factories import sign_in
from tests.workorders.desk import hand_out
from tests.workorders.house import House, build

MINUTE = timedelta(minutes=1)
LIMITS = ROOT / "bpmn/limit_watch/order_limits.dmn"
INQUIRY: dict[str, Any] = {
    "category": "inquiry",
    "sub_type": "inquiry_price",
    "symptom": "",
    "description": "阶梯电价怎么算",
    "details": {"topic": "tariff"},
}
SUPPLY: dict[str, Any] = {
    "category": "application",
    "sub_type": "lv_resident",
    "symptom": "",
    "description": "新房申请用电",
    "details": {"capacity": 8, "use": "居民生活"},
}


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    return build(clock, "inquiry", "application_lv")


def handle_limit(house: House, number: str) -> tuple[float, str]:
    [limit] = [each for each in limits_of(house.order(number).id) if each.stage == "handle"]
    return limit.amount, limit.unit


def test_a_new_supply_is_surveyed_planned_contracted_and_connected(house: House, client: FlaskClient) -> None:
    number = house.accept(**SUPPLY).number
    order = house.order(number)
    assert {limit.stage: (limit.amount, limit.unit) for limit in limits_of(order.id)} == {"total": (5.0, "wd")}
    survey = {"survey_possible": "yes", "survey_source": "城东 3 号台区", "survey_note": "具备条件"}
    plan = {"plan_capacity": 8, "plan_source": "城东 3 号台区", "plan_meter": "单相"}
    house.complete(number, "survey", "surveyor", MINUTE, **survey)
    house.complete(number, "plan", "clerk", MINUTE, **plan, plan_reply="accepted")
    house.complete(number, "contract", "clerk", MINUTE, contract_no="HT-1", fee=0)
    assert "connect" in {limit.stage for limit in limits_of(order.id) if limit.state == "running"}
    connected = {"meter_no": "M1", "meter_start": 0, "connected_at": house.now.isoformat()}
    house.complete(number, "connect", "installer", MINUTE, **connected)
    house.settle()
    sign_in(client, house.people["callback"])
    assert number in client.get("/callbacks").get_data(as_text=True)
    house.complete(number, "visit", "callback", MINUTE, visit_result="confirmed", satisfaction="very_satisfied")
    assert house.order(number).status == "ARCHIVED"
    assert all(not limit.breached for limit in limits_of(order.id))


@pytest.mark.databases
def test_an_inquiry_solved_at_once_is_closed_without_tasks(house: House) -> None:
    order = house.accept(**INQUIRY, solution="第一档每月 230 度以内")
    done = house.order(order.number)
    assert (done.status, done.outcome, done.answer) == ("ARCHIVED", "solved_at_once", "第一档每月 230 度以内")
    assert house.tasks(order.number) == {}
    assert limits_of(done.id) == []


def test_a_changed_limit_holds_for_the_next_order_and_not_for_those_under_way(house: House) -> None:
    before = house.accept(**INQUIRY).number
    table = LIMITS.read_text(encoding="utf-8")
    start = table.rindex("<text>5</text>", 0, table.index("业务咨询 5 个工作日"))
    changed = table[:start] + "<text>3</text>" + table[start + len("<text>5</text>") :]
    db.run(lambda: deploy({"bpmn/limit_watch/order_limits.dmn": changed.encode()}, actor=SYSTEM, now=house.now))
    after = house.accept(**INQUIRY).number
    assert handle_limit(house, before) == (5.0, "wd")
    assert handle_limit(house, after) == (3.0, "wd")


@pytest.mark.databases
def test_an_inquiry_outside_the_sample_is_not_called_back(house: House) -> None:
    numbers = [house.accept(**INQUIRY).number for _each in range(2)]
    assert [sampled(number, 10) for number in numbers] == [False, False]
    number = numbers[0]
    hand_out(house, number)
    reply = {
        "reply_findings": "已查",
        "reply_action": "已答",
        "reply_answer": "按阶梯计价",
        "reply_result": "explained",
    }
    house.complete(number, "handle", "clerk", **reply)
    house.complete(number, "review", "reviewer", review_action="pass")
    house.complete(number, "answer", "agent", answer_text="按阶梯计价", answer_way="phone")
    house.settle()
    assert (house.order(number).status, house.order(number).outcome) == ("ARCHIVED", "not_sampled")


@pytest.mark.parametrize("share", [0, 10, 100])
def test_a_sample_is_its_share(share: int) -> None:
    taken = sum(sampled(f"GD20260302{n:04d}", share) for n in range(2000))
    assert abs(taken / 20 - share) < 3


def test_the_desk_takes_any_kind_and_heads_and_callback_agents_see_theirs(house: House, client: FlaskClient) -> None:
    sign_in(client, house.people["agent"])
    page = client.get("/orders/new?category=inquiry").get_data(as_text=True)
    assert "咨询什么" in page
    assert "整栋楼停电" not in page
    sent = {
        "key": "k1",
        "category": "inquiry",
        "sub_type": "inquiry_price",
        "phone": "13900139000",
        "address": "青山县人民路 8 号",
        "description": "阶梯电价怎么算",
        "q.topic": "tariff",
    }
    number = client.post("/orders/new", data=sent).location.split("/")[-2]
    assert house.order(number).details["topic"] == "tariff"
    assert "电价电费" in client.get(f"/orders/{number}").get_data(as_text=True)
    sign_in(client, house.people["supervisor"])
    assert "业务咨询" in client.get("/orders/counts").get_data(as_text=True)
    assert number in client.get("/orders?category=inquiry").get_data(as_text=True)
    assert number not in client.get("/orders?category=complaint").get_data(as_text=True)
    sign_in(client, house.people["callback"])
    assert "现在没有需要回访的客户" in client.get("/callbacks").get_data(as_text=True)
