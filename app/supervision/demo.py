"""Demo supervision: counts of the demo orders, 督办 at every step, an order taken over, alerts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.engine import api as engine
from app.identity import queries as people
from app.kernel import clock, db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.supervision.models import SupervisionOrder
from app.supervision.operations import alerts, folding
from app.supervision.operations.supervising import Request, supervise
from app.supervision.operations.taking import take_over
from app.supervision.operations.words import sync_words
from app.workorders.models import CLOSED, WorkOrder

DEPARTMENT = "department"
REQUESTS = (
    ("overdue", "important", "请说明超时原因，明确责任人，今日内办结并回访客户。"),
    ("repeated_calls", "general", "客户多次来电，请核实前次处理情况并一次解决。"),
    ("public_attention", "urgent", "请立即到场处置，安抚客户，防止舆情扩大。"),
)
ANSWER = {"cause": "班组同时处理多起故障，未及时反馈进度。", "measures": "已增派一组人员，今日 18 时前恢复并回访客户。"}


def load() -> int:
    """Issue three 督办 (asked, answered, sent back) and take an order over, once; returns how many were issued."""
    now = clock.now()
    db.run(lambda: sync_words(actor=SYSTEM, now=now))
    _count(now)
    person = people.user_view(DEPARTMENT)
    begun = session.scalar(sa.select(SupervisionOrder.id).limit(1)) is not None
    numbers = _numbers(len(REQUESTS) + 1)
    session.rollback()
    if begun or person is None or len(numbers) <= len(REQUESTS):
        return 0
    actor = Actor(kind="user", id=person.id, username=person.username, name=person.name)
    issued = [_issue(number, request, actor, now) for number, request in zip(numbers, REQUESTS, strict=False)]
    _complete(issued[1], "answer", ANSWER, now)
    _complete(issued[2], "answer", ANSWER, now)
    _complete(issued[2], "evaluate", {"verdict": "again", "verdict_note": "未说明责任人与防范措施。"}, now)
    db.run(lambda: take_over(numbers[-1], reason="诉求复杂，由监管部门直接协调办理。", actor=actor, now=now))
    _count(now)
    return len(issued)


def _count(now: datetime) -> None:
    """What the sweeps would have done."""
    while db.run(lambda: folding.fold(now=now)):
        pass
    while db.run(lambda: alerts.judge_orders(now)):
        pass
    db.run(lambda: alerts.judge_units(now))


def _numbers(count: int) -> list[str]:
    query = (
        sa.select(WorkOrder.number)
        .where(WorkOrder.status.not_in(CLOSED), WorkOrder.unit_code.like("GM-LJ%"), WorkOrder.main_order_id.is_(None))
        .order_by(WorkOrder.id)
        .limit(count)
    )
    return list(session.scalars(query))


def _issue(number: str, request: tuple[str, str, str], actor: Actor, now: datetime) -> str:
    reason, grade, text = request
    wanted = Request(reason=reason, grade=grade, text=text)
    return db.run(lambda: supervise(number, wanted, actor=actor, now=now - timedelta(minutes=30)).number)


def _complete(number: str, element: str, data: dict[str, Any], now: datetime) -> None:
    def work() -> None:
        for view in engine.list_instances(business_key=number):
            for task in engine.open_tasks(view.id):
                if task.element_id == element:
                    engine.complete(task.id, data, actor=SYSTEM, now=now)

    db.run(work)
