"""The tasks a person completed, newest first: one range of an index at any number of tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from app.engine.api import Task
from app.inbox.queries import cursor
from app.inbox.queries.page import unit_names
from app.inbox.queries.reader import Reader
from app.inbox.search import cases_matching
from app.kernel.db import session
from app.kernel.i18n import localized

PAGE_SIZE = 50
SORT = "completed"

COLUMNS = (
    Task.id,
    Task.name,
    Task.name_en,
    Task.title,
    Task.title_en,
    Task.business_key,
    Task.unit_code,
    Task.due_at,
    Task.completed_at,
)


@dataclass(frozen=True, slots=True)
class DoneRow:
    """One line: what was done when. `late` says that it was due before."""

    id: str
    step: str
    title: str
    business_key: str
    unit: str
    completed_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class DonePage:
    """Lines, and the cursor that continues them, empty at the end."""

    rows: list[DoneRow]
    after: str


def done_by(reader: Reader, *, q: str = "", after: str = "", now: datetime, size: int = PAGE_SIZE) -> DonePage:
    """What the reader completed themselves; `q` finds cases by the words of the inbox' search."""
    last = cursor.decode(after, SORT)
    query = sa.select(Task).where(Task.completed_by == reader.username, Task.state == sa.literal_column("'done'"))
    if q:
        query = query.where(Task.instance_id.in_(cases_matching(q)))
    if last is not None:
        place = sa.tuple_(
            sa.literal(last.value, Task.completed_at.expression.type), sa.literal(last.id, Task.id.expression.type)
        )
        query = query.where(sa.tuple_(Task.completed_at, Task.id) < place)
    ordered = query.order_by(Task.completed_at.desc(), Task.id.desc()).limit(size + 1)
    found = list(session.scalars(ordered.options(load_only(*COLUMNS))))
    shown = found[:size]
    units = unit_names(shown, now)
    more = cursor.Cursor(SORT, shown[-1].completed_at, shown[-1].id).encode() if len(found) > size else ""
    return DonePage([_row(task, units) for task in shown], more)


def _row(task: Task, units: dict[str, str]) -> DoneRow:
    step = localized(task.name, task.name_en)
    at = task.completed_at
    assert at is not None
    return DoneRow(
        id=task.id,
        step=step,
        title=localized(task.title, task.title_en) or step,
        business_key=task.business_key or "",
        unit=units.get(task.unit_code or "", task.unit_code or ""),
        completed_at=at,
        late=task.due_at is not None and at > task.due_at,
    )
