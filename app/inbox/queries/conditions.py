"""SQL conditions on open tasks: what a filter narrows, and which scope a task belongs to.

`open_` is written into the statement as a word, not bound: partial indexes over open
tasks are used only where the statement itself says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.engine.api import Task, TaskCandidate
from app.inbox.queries.filters import Scope, TaskFilter
from app.inbox.queries.reader import Reader
from app.kernel.clock import LOCAL
from app.kernel.db import is_sqlite

Condition = sa.ColumnElement[bool]


def open_() -> Condition:
    """The task waits for somebody."""
    return Task.state == sa.literal_column("'open'")


def narrowed(scope: Scope, wanted: TaskFilter, now: datetime) -> list[Condition]:
    """The conditions of a filter on a task's own columns: without its unit, its text and its order."""
    found = [*_due(wanted.due, now), *_follow_up(wanted.follow_up, now), *_holder(holder(scope, wanted))]
    if wanted.process:
        found.append(Task.process_key == wanted.process)
    if wanted.element:
        found.append(Task.element_id == wanted.element)
    if wanted.priority:
        found.append(Task.priority >= wanted.priority)
    if wanted.key:
        found.append(Task.business_key == wanted.key)
    return found


def holder(scope: Scope, wanted: TaskFilter) -> str:
    """Which tasks are meant by who has them: a group's list leaves held ones out unless it is asked for them."""
    return "free" if scope == "groups" and not wanted.holder else wanted.holder


def free() -> Condition:
    """The candidate's copy says that nobody has the task."""
    return sa.not_(TaskCandidate.held)


def under(path: str, *, in_order: bool = False) -> Condition:
    """The task's unit lies under this path, as a range of the column's binary collation.

    `in_order` keeps SQLite, which knows no statistics, from reading the range by its index,
    which would mean sorting it: `|| ''` makes an expression that no index serves.
    """
    column = Task.unit_path.concat("") if in_order and is_sqlite() else Task.unit_path.expression
    after = path[:-1] + chr(ord("/") + 1)
    return sa.and_(column >= path, column < after)


def within(places: Iterable[str], *, in_order: bool = False) -> Condition:
    """The task's unit lies under one of these places; `/` is everything."""
    found = list(places)
    if "/" in found:
        return sa.true()
    return sa.or_(sa.false(), *(under(path, in_order=in_order) for path in found))


def mine(reader: Reader) -> Condition:
    """Held by the reader or by somebody they substitute."""
    return Task.assignee_id.in_(reader.held_ids)


def offered(reader: Reader) -> Condition:
    """Offered to the reader's groups or to the reader by name."""
    return sa.exists().where(TaskCandidate.task_id == Task.id, candidate(reader))


def candidate(reader: Reader) -> Condition:
    """A candidate row that names the reader or one of their groups."""
    return sa.or_(
        sa.and_(TaskCandidate.kind == "group", TaskCandidate.ref.in_(sorted(reader.groups))),
        sa.and_(TaskCandidate.kind == "user", TaskCandidate.ref.in_(reader.usernames)),
    )


def _due(wanted: str, now: datetime) -> list[Condition]:
    tonight = (now.astimezone(LOCAL) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    match wanted:
        case "overdue":
            return [Task.due_at < now]
        case "today":
            return [Task.due_at >= now, Task.due_at < tonight]
        case "later":
            return [Task.due_at >= tonight]
        case "none":
            return [Task.due_at.is_(None)]
    return []


def _follow_up(wanted: str, now: datetime) -> list[Condition]:
    match wanted:
        case "all":
            return []
        case "waiting":
            return [Task.follow_up_at > now]
    return [sa.or_(Task.follow_up_at.is_(None), Task.follow_up_at <= now)]


def _holder(wanted: str) -> list[Condition]:
    match wanted:
        case "free":
            return [Task.assignee_id.is_(None)]
        case "held":
            return [Task.assignee_id.is_not(None)]
    return []
