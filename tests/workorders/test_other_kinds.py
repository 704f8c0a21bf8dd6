"""One order of each remaining kind through operations and the real engine, from intake to archive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from app.workorders.queries.details import order_view
from app.workorders.queries.limits import limits_of
from tests.workorders.desk import hand_out
from tests.workorders.house import House, build

MINUTE = timedelta(minutes=1)
KINDS = ("application_hv", "application_change", "service_request", "misconduct_report", "praise")
STAGES = ["survey", "plan", "await", "design", "works", "midterm", "final", "contract", "connect"]
"""What a high-voltage supply passes; it rests while the customer designs and builds."""
CONTENT = {"visit_result": "confirmed", "satisfaction": "satisfied"}


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    return build(clock, *KINDS)


def accept(house: House, category: str, sub_type: str = "", **details: Any) -> str:
    """An order of this kind; its answers to the guided questions."""
    return house.accept(
        category=category, sub_type=sub_type, symptom="", description="客户来电申请", details=details
    ).number


def stages(house: House, number: str) -> list[str]:
    return [each.stage for each in order_view(number, actor=house.actor("agent"), now=house.now).stages]


def answer(house: House, number: str, *, review: str, by: str = "agent", visit: str = "callback") -> None:
    """Review, answer by telephone, call back."""
    house.complete(number, "review", review, MINUTE, review_action="pass")
    house.complete(number, "answer", by, MINUTE, answer_text="已办结", answer_way="phone")
    house.settle()
    house.complete(number, "visit", visit, MINUTE, **CONTENT)


def test_a_high_voltage_supply_passes_design_midterm_and_final_inspection(house: House) -> None:
    number = accept(house, "application", "hv_single", capacity=630, use="电子厂")
    house.complete(
        number, "survey", "surveyor", MINUTE, survey_possible="yes", survey_source="青山变 03 线", survey_note="具备"
    )
    plan = {"plan_capacity": 630, "plan_source": "青山变", "plan_metering": "高供高计", "plan_reply": "accepted"}
    house.complete(number, "plan", "clerk", MINUTE, **plan)
    house.complete(number, "design", "clerk", MINUTE, design_result="pass", design_note="已审核")
    house.complete(number, "midterm", "surveyor", MINUTE, midterm_result="pass", midterm_note="已检查")
    house.complete(number, "final", "surveyor", MINUTE, final_result="pass", final_note="已检验")
    house.complete(number, "contract", "clerk", MINUTE, contract_no="HT-2", fee=0)
    connected = {"meter_no": "M2", "meter_multiplier": 100, "meter_start": 0, "connected_at": house.now.isoformat()}
    house.complete(number, "connect", "installer", MINUTE, **connected)
    house.settle()
    house.complete(number, "visit", "callback", MINUTE, **CONTENT)
    order = house.order(number)
    assert order.status == "ARCHIVED"
    assert stages(house, number) == STAGES
    assert not [limit for limit in limits_of(order.id) if limit.breached or limit.state == "running"]


def test_a_suspension_of_supply_is_checked_carried_out_and_settled(house: House) -> None:
    number = accept(house, "application", "suspend_use", from_on="2026-04-01", to_on="2026-06-01", why="停产检修")
    house.complete(number, "check", "clerk", MINUTE, check_result="accept", check_note="资料齐全")
    if "survey" in house.tasks(number):
        house.complete(number, "survey", "surveyor", MINUTE, survey_result="possible", survey_note="可以")
    house.complete(number, "carry_out", "installer", MINUTE, done_at=house.now.isoformat(), done_note="已停运封存")
    house.complete(number, "settle", "clerk", MINUTE, settled_amount=0, settle_note="基本电费按日扣减")
    house.settle()
    house.complete(number, "visit", "callback", MINUTE, **CONTENT)
    assert house.order(number).status == "ARCHIVED"
    assert {"carry_out", "settle"} <= set(stages(house, number))


def test_power_is_restored_after_payment(house: House) -> None:
    number = accept(house, "service_request", "reconnection", paid_by="online", paid_amount=86.5)
    order = house.order(number)
    restore = next(limit for limit in limits_of(order.id) if limit.stage == "restore")
    assert (restore.amount, restore.unit, restore.clock) == (24.0, "h", "24x7")
    hand_out(house, number, by="installer")
    restored = {
        "paid_checked": "yes",
        "restored_at": house.now.isoformat(),
        "reply_contacted": "phone",
        "reply_findings": "已缴清欠费",
        "reply_action": "已远程合闸",
        "reply_answer": "已恢复供电",
        "reply_opinion": "认可",
    }
    house.complete(number, "restore_supply", "installer", MINUTE, **restored)
    answer(house, number, review="reviewer")
    assert (house.order(number).status, house.order(number).outcome) == ("ARCHIVED", "answered")
    assert next(limit for limit in limits_of(order.id) if limit.stage == "restore").state == "met"


def test_a_report_of_misconduct_is_led_and_handled_above_the_unit(house: House) -> None:
    number = accept(
        house,
        "misconduct_report",
        "misconduct_conduct",
        against_staff="某收费员",
        kind_of="charges",
        evidence="有收据照片",
    )
    assert house.order(number).lead_unit == "GM-LJ"
    task = house.tasks(number)["verify"]
    assert task.candidates == (("group", "discipline@GM-LJ"),)
    house.complete(number, "verify", "city_discipline", MINUTE, verify_result="investigate", verify_note="线索具体")
    found = {
        "reply_result": "founded",
        "reply_measures": "退还并处分",
        "reply_findings": "收费不开票据属实",
        "reply_action": "已退还费用",
        "reply_answer": "反映属实，已处理",
    }
    house.complete(number, "handle", "city_discipline", MINUTE, **found)
    answer(house, number, review="city_head", visit="city_callback")
    assert (house.order(number).status, house.order(number).result) == ("ARCHIVED", "founded")


def test_praise_reaches_the_head_and_is_not_called_back(house: House) -> None:
    number = accept(house, "praise", praised="抢修一班")
    house.complete(number, "forward", "head", MINUTE, praised_staff="抢修一班", praise_note="已在班前会转达")
    assert house.order(number).status == "ARCHIVED"
    assert stages(house, number) == ["forward"]
