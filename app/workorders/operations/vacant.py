"""Posts that nobody holds (空缺岗位): a task of an order goes to the nearest unit above where the post is filled.

A station has no reviewer and perhaps no dispatcher of its own; its county has. Diagrams name
the order's unit (`reviewer@${unit}`); this hands the task up as it comes, and a sweep does so
for tasks whose last reader left. What nobody holds up to the top stays where it is and is
named on the page of counts (`queries.vacant`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.engine import api as engine
from app.identity import queries as people
from app.kernel import db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.registry import registry
from app.workorders.models import WorkOrder
from app.workorders.operations.accepting import PREFIX
from app.workorders.queries.units import unit_with
from app.workorders.queries.vacant import vacant_groups

BATCH = 200
EVERY = timedelta(hours=1)


def follow_tasks() -> None:
    """Hand tasks of orders up as they come."""
    engine.on("task.created", _created)


@registry.sweep("workorders.vacant", every=EVERY)
def sweep(now: datetime) -> int:
    """Hand up tasks whose groups have become empty; returns how many."""
    moved: int = db.run(lambda: move_all(actor=SYSTEM, now=now))
    return moved


def move_all(*, actor: Actor, now: datetime) -> int:
    """Hand up a batch of the tasks of orders that are offered to nobody; returns how many went up."""
    higher = {ref: above for ref in vacant_groups(at=now) if (above := _above(ref, now))}
    candidate, task = engine.TaskCandidate, engine.Task
    query = (
        sa.select(candidate.task_id)
        .join(task, task.id == candidate.task_id)
        .join(WorkOrder, WorkOrder.number == task.business_key)
        .where(candidate.open, candidate.kind == "group", candidate.ref.in_(higher), task.state == "open")
        .distinct()
        .limit(BATCH)
    )
    tasks = session.scalars(query).all()
    return sum(_hand_up(engine.get_task(task_id), actor=actor, now=now) for task_id in tasks)


def _created(task: engine.TaskView, /, *, actor: Actor, now: datetime) -> None:
    if (task.business_key or "").startswith(PREFIX):
        _hand_up(task, actor=actor, now=now)


def _hand_up(task: engine.TaskView, *, actor: Actor, now: datetime) -> bool:
    """Offer the task to the units above where nobody can see it; whether that was so."""
    groups = [ref for kind, ref in task.candidates if kind == "group"]
    if task.assignee_id is not None or not groups or len(groups) < len(task.candidates):
        return False
    if people.staffed_groups(groups, at=now) or not _of_an_order(task):
        return False
    higher = _all_above(groups, now)
    if higher:
        engine.readdress(task.id, higher, actor=actor, now=now)
    return bool(higher)


def _of_an_order(task: engine.TaskView) -> bool:
    return session.scalar(sa.select(WorkOrder.id).where(WorkOrder.number == task.business_key)) is not None


def _all_above(groups: Iterable[str], now: datetime) -> dict[str, str]:
    """Each group that has one above it, with that; two that meet above are one."""
    return {ref: above for ref in groups if (above := _above(ref, now))}


def _above(ref: str, now: datetime) -> str:
    """The group of the same post at the nearest unit above where somebody holds it, empty where nowhere."""
    post, _at, code = ref.partition("@")
    unit = people.unit_by_code(code, at=now)
    found = unit_with(unit.path, post=post, now=now) if unit else None
    return f"{post}@{found.code}" if found else ""
