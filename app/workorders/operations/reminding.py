"""Reminders (催办): the customer asks again; whoever holds the order is told and the dispatcher answers."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.notify import operations as notify
from app.workorders.models import OrderReminder, WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.allowed import require_allowed
from app.workorders.operations.escalation import holders
from app.workorders.operations.find import open_order
from app.workorders.queries.secrecy import spoken
from app.workorders.search import search_text, titles

PROCESS = "reminder"
RULE = "reminder_rule"


class TooManyReminders(Conflict):
    """The order has all the reminders that the table `reminder_rule` allows."""

    code = "too_many_reminders"


def remind(number: str, *, note: str = "", actor: Actor, now: datetime) -> int:
    """Note that the customer asked again and start the reminder's process; returns its id.

    Raises `Forbidden` (right `order.remind`), `OrderClosed`, `TooManyReminders`.
    """
    order = open_order(number)
    authority.require(actor, "order.remind", unit_path=order.unit_path, now=now)
    require_allowed(order, "remind", now=now)
    most = engine.decide(RULE, {"category": order.category, "ruleset": order.ruleset}, now=now).result
    if most is not None and _count(order) >= int(most):
        raise TooManyReminders(
            _l("Order %(number)s has already been reminded %(most)s times.", number=number, most=most)
        )
    row = OrderReminder(order_id=order.id, note=note, by=actor.ref, at=now)
    session.add(row)
    order.calls += 1
    session.flush()
    trace.event(order, "reminded", actor=actor, now=now, params={"note": note})
    _start(order, row, actor=actor, now=now)
    return row.id


def notify_holders(order: WorkOrder, *, note: str, key: str, actor: Actor, now: datetime) -> int:
    """Tell those who hold the order's open tasks, else its dispatchers; returns how many were told."""
    ids = task_holders(order, now) or set(holders("dispatcher", order.unit_path, now=now))
    told = notify.notify_users(
        ids,
        kind="reminder",
        text=_l("The customer of order %(number)s asks again. %(note)s", number=order.number, note=spoken(order, note)),
        link=f"/orders/{order.number}",
        priority=80,
        dedupe_key=key,
        actor=actor,
        now=now,
    )
    return len(told)


def mark_answered(reminder_id: int, *, answer: str, actor: Actor, now: datetime) -> None:
    """The dispatcher told the customer how it stands."""
    row = session.get_one(OrderReminder, reminder_id)
    row.answer, row.answered_by, row.answered_at = answer, actor.ref, now
    order = session.get_one(WorkOrder, row.order_id)
    trace.event(order, "reminder_answered", actor=actor, now=now, params={"answer": answer})


def _count(order: WorkOrder) -> int:
    query = sa.select(sa.func.count()).select_from(OrderReminder).where(OrderReminder.order_id == order.id)
    return session.scalar(query) or 0


def task_holders(order: WorkOrder, now: datetime) -> set[int]:
    ids: set[int] = set()
    for task in engine.open_tasks(order.instance_id) if order.instance_id else []:
        if task.assignee_id is not None:
            ids.add(task.assignee_id)
        else:
            groups = [ref for kind, ref in task.candidates if kind == "group"]
            ids |= {member.id for group in groups for member in people.members_of(group, at=now)}
    return ids


def _start(order: WorkOrder, row: OrderReminder, *, actor: Actor, now: datetime) -> None:
    engine.start(
        PROCESS,
        data={
            "order_id": order.id,
            "number": order.number,
            "reminder_id": row.id,
            "unit": order.unit_code,
            "note": spoken(order, row.note),
            "limits": {},
            "priority": order.priority,
        },
        business_key=order.number,
        title=f"催办：{titles(order)[0]}",
        title_en=f"Reminder: {titles(order)[1]}",
        unit=order.unit_code,
        priority=order.priority,
        search=search_text(order),
        actor=actor,
        now=now,
    )
