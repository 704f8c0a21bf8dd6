"""Drive an order that is no repair, as the people of the desk do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.workorders.house import House

MINUTE = timedelta(minutes=1)

COMPLAINT: dict[str, Any] = {
    "category": "complaint",
    "sub_type": "complaint_service",
    "item": "service_attitude",
    "symptom": "",
    "description": "王芳反映营业厅人员态度恶劣",
    "details": {"happened_on": "2026-03-01", "demand": "道歉", "against_staff": "三号窗口"},
}

REPLY: dict[str, Any] = {
    "reply_contacted": "phone",
    "reply_findings": "调阅录像，情况属实",
    "reply_action": "当事人已停岗学习",
    "reply_answer": "经核实情况属实，已对当事人处理，向您致歉",
    "reply_opinion": "认可",
    "reply_result": "founded",
    "reply_measures": "停岗学习，班组培训",
}


def hand_out(
    house: House,
    number: str,
    *,
    lead: str = "dispatcher",
    by: str = "clerk",
    unit: str = "GM-LJ-QS",
    after: timedelta = MINUTE,
) -> None:
    """Dispatch to the unit and take."""
    house.complete(number, "dispatch", lead, after, dispatch_action="dispatch", handle_unit_choice=unit)
    house.complete(number, "take", by, after, take_action="take")


def investigate(
    house: House,
    number: str,
    *,
    by: str = "clerk",
    contact: str = "",
    demand: str = "道歉",
    after: timedelta = MINUTE,
    **changes: Any,
) -> None:
    """Contact the complainant (a post of their own where secrecy was asked for), investigate, reply."""
    house.complete(number, "contact", contact or by, after, contact_way="phone", contact_demand=demand)
    house.complete(number, "handle", by, after, **{**REPLY, **changes})


def close(
    house: House, number: str, *, review: str = "reviewer", answer: str = "agent", visit: str = "callback"
) -> None:
    """Review, answer by telephone, call back, content."""
    house.complete(number, "review", review, MINUTE, review_action="pass")
    house.complete(number, "answer", answer, MINUTE, answer_text=REPLY["reply_answer"], answer_way="phone")
    house.settle()
    house.complete(number, "visit", visit, MINUTE, visit_result="confirmed", satisfaction="satisfied")
