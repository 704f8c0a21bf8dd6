"""The callback agents' list (回访清单): whom to call now, who comes next, what was reached before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.engine import api as engine
from app.kernel.db import session
from app.workorders.models import Callback, WorkOrder
from app.workorders.queries.orders import OrderView, view

PROCESS = "callback"
MOST = 200


@dataclass(frozen=True, slots=True)
class ToCall:
    """An order whose customer is to be called now: its task, attempts made, the last result."""

    task_id: str
    order: OrderView
    due_at: datetime | None
    assignee_id: int | None
    attempts: int
    last_result: str


@dataclass(frozen=True, slots=True)
class Done:
    """Callbacks of a span by result, for the rates: reached and satisfied among valid answers."""

    calls: int
    reached: int
    satisfied: int
    dissatisfied: int


def to_call(groups: Iterable[str], user_id: int) -> list[ToCall]:
    """The open callback tasks of these groups or of this person, the most pressing first."""
    task, candidate = engine.Task, engine.TaskCandidate
    offered = sa.select(candidate.task_id).where(
        candidate.open, candidate.kind == "group", candidate.ref.in_(sorted(groups))
    )
    mine = sa.or_(task.assignee_id == user_id, sa.and_(task.assignee_id.is_(None), task.id.in_(offered)))
    query = (
        sa.select(task.id, task.due_at, task.assignee_id, WorkOrder)
        .join(WorkOrder, WorkOrder.number == task.business_key)
        .where(task.state == "open", task.process_key == PROCESS, mine)
        .order_by(task.priority.desc(), task.due_at.is_(None), task.due_at, task.id)
        .limit(MOST)
    )
    rows = session.execute(query).all()
    made = _attempts([order.id for _id, _due, _who, order in rows])
    return [
        ToCall(task_id, view(order), due, who, *made.get((order.id, order.round), (0, "")))
        for task_id, due, who, order in rows
    ]


def done_since(since: datetime, by: str) -> Done:
    """What one person's calls since an instant came to."""
    rows = session.execute(
        sa.select(Callback.result, Callback.satisfaction).where(Callback.at >= since, Callback.by == by)
    ).all()
    valid = [satisfaction for _result, satisfaction in rows if satisfaction not in ("", "no_comment")]
    return Done(
        calls=len(rows),
        reached=sum(1 for _result, satisfaction in rows if satisfaction),
        satisfied=sum(1 for each in valid if each != "dissatisfied"),
        dissatisfied=sum(1 for each in valid if each == "dissatisfied"),
    )


def _attempts(order_ids: Sequence[int]) -> dict[tuple[int, int], tuple[int, str]]:
    query = sa.select(Callback).where(Callback.order_id.in_(order_ids)).order_by(Callback.id)
    found: dict[tuple[int, int], tuple[int, str]] = {}
    for row in session.scalars(query):
        made, _last = found.get((row.order_id, row.round), (0, ""))
        found[row.order_id, row.round] = (made + 1, row.result)
    return found
