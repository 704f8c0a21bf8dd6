"""Demo orders that are no repairs: one of every kind, at every step of its way, made by the real operations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app.engine import api as engine
from app.identity import queries as people
from app.kernel import db
from app.kernel.actor import SYSTEM, Actor
from app.workorders import operations
from app.workorders.operations import Report

REPLY: dict[str, Any] = {
    "reply_contacted": "phone",
    "reply_findings": "经核实，情况如客户所述",
    "reply_action": "已按规定办理",
    "reply_answer": "您反映的事项已办理完毕，感谢您的监督",
    "reply_opinion": "认可",
}
HAND_OUT = ("dispatch", "dispatcher", {"dispatch_action": "dispatch", "handle_unit_choice": "GM-LJ-QS"})
TAKE = ("take", "clerk", {"take_action": "take"})
CONTACT = ("contact", "clerk", {"contact_way": "phone", "contact_demand": "要求道歉并整改"})
PASS = ("review", "reviewer", {"review_action": "pass"})
COMPLAINT = {"happened_on": "2026-03-01", "demand": "要求道歉", "place": "城关营业厅"}

ORDERS: tuple[tuple[int, dict[str, Any], tuple[tuple[str, str, dict[str, Any]], ...]], ...] = (
    (
        600,
        {
            "category": "complaint",
            "sub_type": "complaint_service",
            "item": "service_attitude",
            "details": COMPLAINT,
            "description": "营业厅三号窗口工作人员态度生硬，让客户往返两次",
            "contact_name": "沈婷",
            "mood": "agitated",
        },
        (HAND_OUT, TAKE, CONTACT),
    ),
    (
        900,
        {
            "category": "complaint",
            "sub_type": "complaint_outage",
            "item": "outage_frequent",
            "details": COMPLAINT,
            "description": "本月已停电四次，都没有通知",
            "contact_name": "吕建军",
            "secrecy": "confidential",
        },
        (),
    ),
    (
        500,
        {
            "category": "inquiry",
            "sub_type": "inquiry_business",
            "details": {"topic": "procedure"},
            "description": "咨询个体商户办理三相电需要哪些材料",
            "contact_name": "金晓峰",
        },
        (HAND_OUT, TAKE, ("handle", "clerk", {**REPLY, "reply_result": "explained"}), PASS),
    ),
    (
        420,
        {
            "category": "inquiry",
            "sub_type": "inquiry_price",
            "details": {"topic": "tariff"},
            "description": "咨询阶梯电价第二档从多少度开始",
            "contact_name": "许静",
            "solution": "已说明本省阶梯电价的分档与计算方法",
        },
        (),
    ),
    (
        300,
        {
            "category": "suggestion",
            "details": {"field": "service", "proposal": "营业厅周末延长开放"},
            "description": "建议营业厅周末延长营业时间",
            "contact_name": "孟庆华",
        },
        (HAND_OUT, TAKE),
    ),
    (
        280,
        {
            "category": "praise",
            "details": {"praised": "城关抢修一班"},
            "description": "抢修师傅深夜冒雨抢修，服务热情",
            "contact_name": "袁素梅",
        },
        (),
    ),
    (
        700,
        {
            "category": "misconduct_report",
            "sub_type": "misconduct_conduct",
            "secrecy": "anonymous",
            "details": {"against_staff": "某供电所人员", "kind_of": "charges", "evidence": "装表时私自收取材料费"},
            "description": "反映装表人员私自收费",
            "contact_name": "",
        },
        (),
    ),
    (
        200,
        {
            "category": "service_request",
            "sub_type": "appliance_damage",
            "details": {"damaged": "冰箱、电视机", "outage_then": "voltage"},
            "description": "来电后冰箱和电视都不工作了",
            "contact_name": "霍志明",
        },
        (HAND_OUT, ("take", "installer", {"take_action": "take"})),
    ),
    (
        90,
        {
            "category": "service_request",
            "sub_type": "reconnection",
            "details": {"paid_by": "online", "paid_amount": 268.5},
            "description": "电费已在网上交清，请尽快复电",
            "contact_name": "段丽娟",
        },
        (HAND_OUT,),
    ),
    (
        1000,
        {
            "category": "application",
            "sub_type": "lv_resident",
            "details": {"capacity": 8, "use": "居民生活"},
            "description": "新建住房申请用电",
            "contact_name": "蒋伟",
        },
        (
            (
                "survey",
                "surveyor",
                {"survey_possible": "yes", "survey_source": "城东 3 号台区", "survey_note": "具备条件"},
            ),
        ),
    ),
    (
        1100,
        {
            "category": "application",
            "sub_type": "hv_single",
            "details": {"capacity": 630, "use": "食品加工"},
            "description": "厂房新装 630 千伏安变压器",
            "contact_name": "光明食品有限公司",
        },
        (),
    ),
    (
        400,
        {
            "category": "application",
            "sub_type": "suspend_use",
            "details": {"capacity": 315, "from_on": "2026-12-01", "to_on": "2027-02-01"},
            "description": "冬季停产，申请暂停一台变压器",
            "contact_name": "青山水泥厂",
        },
        (),
    ),
)
"""Minutes ago, report, steps done since (element, user, what was entered)."""


def load(now: datetime) -> int:
    """Make them; returns how many. A step whose task nobody holds is left out: the order then stands still."""
    for place, (ago, report, steps) in enumerate(ORDERS):
        at = now - timedelta(minutes=ago)
        number = db.run(lambda place=place, report=report, at=at: _accept(place, report, at))  # type: ignore[misc]
        for element, user, entered in steps:
            at += timedelta(minutes=5)
            db.run(_step(number, element, user, entered, at))
    return len(ORDERS)


def _accept(place: int, given: dict[str, Any], at: datetime) -> str:
    anonymous = given.get("secrecy") == "anonymous"
    report = Report(
        unit="GM-LJ-QS",
        address="" if anonymous else f"青山县文昌路 {place + 20} 号",
        phone="" if anonymous else f"1370013{7000 + place:04d}",
        **given,
    )
    return operations.accept(report, actor=_actor("agent"), now=at).number


def _step(number: str, element: str, user: str, entered: dict[str, Any], at: datetime) -> Callable[[], None]:
    def work() -> None:
        for view in engine.list_instances(business_key=number):
            for task in engine.open_tasks(view.id):
                if task.element_id == element:
                    engine.complete(task.id, entered, actor=_actor(user), now=at)
                    return

    return work


def _actor(username: str) -> Actor:
    user = people.user_view(username)
    return Actor(kind="user", id=user.id, username=user.username, name=user.name) if user else SYSTEM
