"""Take an order over from a unit (提级办理) and hand it back: its tasks become the department's for a while.

Checks, answers and callbacks stay with their posts (`left_tasks` of `standard.yaml`). Tasks that
come meanwhile are followed by a sweep, so that the engine's own way stays free of this.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.engine.api import TaskView
from app.kernel import audit, live
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.notify import operations as notify
from app.supervision.models import OrderTakeover
from app.supervision.operations.folding import TOPIC
from app.supervision.queries.lines import line_in_charge
from app.supervision.queries.words import words
from app.workorders.models import CLOSED, WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.find import open_order
from app.workorders.operations.reminding import task_holders
from app.workorders.queries.orders import order_by_number
from app.workorders.queries.secrecy import spoken

LONGEST = 500


class BadTakeover(Invalid):
    code = "takeover_invalid"


class TakenOver(Conflict):
    """A department has the order already, or nobody has."""

    code = "taken_over"


def take_over(number: str, *, reason: str, actor: Actor, now: datetime) -> OrderTakeover:
    """Make the order's handling tasks this person's; raises `Forbidden`, `OrderClosed`, `TakenOver`, `BadTakeover`."""
    order = open_order(number)
    line_in_charge(actor, order.category, order.sub_type, unit_path=order.unit_path, now=now)
    if actor.id is None:
        raise Forbidden(_l("Only a person can take an order over."))
    _say_why(reason)
    if taken(order.id) is not None:
        raise TakenOver(_l("Order %(number)s is taken over already.", number=order.number))
    row = OrderTakeover(
        order_id=order.id,
        order_number=order.number,
        user_id=actor.id,
        by=actor.ref,
        reason=spoken(order, reason.strip()),
        at=now,
    )
    session.add(row)
    session.flush()
    _tell(order, actor=actor, now=now)
    _take(row, actor=actor, now=now)
    _note("taken_over", row, order, reason, actor=actor, now=now)
    return row


def hand_back(number: str, *, note: str, actor: Actor, now: datetime) -> None:
    """Give what is still open back to whom it was taken from; raises `TakenOver` where nobody has taken it over."""
    order = order_by_number(number)
    line_in_charge(actor, order.category, order.sub_type, unit_path=order.unit_path, now=now)
    _say_why(note)
    row = taken(order.id)
    if row is None:
        raise TakenOver(_l("Order %(number)s is not taken over.", number=order.number))
    before = {str(task_id): holder for task_id, holder in row.held}
    for task in _handling(row.order_number):
        if task.assignee_id == row.user_id and task.id in before:
            engine.assign(task.id, before[task.id], actor=actor, now=now)
    row.returned_by, row.returned_note, row.returned_at = actor.ref, spoken(order, note.strip()), now
    _note("handed_back", row, order, note, actor=actor, now=now)


def taken(order_id: int) -> OrderTakeover | None:
    """The take-over that stands."""
    return session.scalar(
        sa.select(OrderTakeover).where(OrderTakeover.order_id == order_id, OrderTakeover.returned_at.is_(None))
    )


def follow(now: datetime) -> int:
    """New tasks of orders taken over go to who took them; closed orders end their take-over. Returns how many."""
    done = 0
    query = (
        sa.select(OrderTakeover, WorkOrder)
        .join(WorkOrder, WorkOrder.id == OrderTakeover.order_id)
        .where(OrderTakeover.returned_at.is_(None))
    )
    for row, order in session.execute(query).all():
        if order.status in CLOSED:
            row.returned_by, row.returned_at = SYSTEM.ref, now
            done += 1
        else:
            done += _take(row, actor=SYSTEM, now=now)
    return done


def _take(row: OrderTakeover, *, actor: Actor, now: datetime) -> int:
    known = {str(task_id) for task_id, _holder in row.held}
    fresh = [task for task in _handling(row.order_number) if task.id not in known]
    for task in fresh:
        engine.assign(task.id, row.user_id, actor=actor, now=now)
    row.held = [*row.held, *([task.id, task.assignee_id] for task in fresh)]
    session.flush()
    return len(fresh)


def _handling(order_number: str) -> Iterator[TaskView]:
    """The open tasks of an order's processes, but for the steps that stay with their posts."""
    left = words("bound").get("left_tasks")
    stay = set(left.facts.get("value", ())) if left else set()
    for instance in engine.list_instances(business_key=order_number, status="active"):
        yield from (task for task in engine.open_tasks(instance.id) if task.element_id not in stay)


def _say_why(text: str) -> None:
    if not 0 < len(text.strip()) <= LONGEST:
        raise BadTakeover(_l("Say why."), errors={"reason": [_l("Say why, in at most 500 characters.")]})


def _tell(order: WorkOrder, *, actor: Actor, now: datetime) -> None:
    notify.notify_users(
        task_holders(order, now),
        kind="supervision",
        text=_l("Order %(number)s is taken over by a department.", number=order.number),
        link=f"/orders/{order.number}",
        priority=80,
        actor=actor,
        now=now,
    )


def _note(kind: str, row: OrderTakeover, order: WorkOrder, text: str, *, actor: Actor, now: datetime) -> None:
    trace.event(order, kind, actor=actor, now=now, params={"note": spoken(order, text.strip())})
    live.touch(TOPIC)
    audit.record(
        f"supervision.{kind}",
        actor=actor,
        now=now,
        subject_type="order",
        subject_id=row.order_number,
        unit_path=order.unit_path,
        details={"reason": spoken(order, text.strip())},
    )
