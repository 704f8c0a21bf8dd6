"""One page of the task list: found by index ranges, with the cursor that continues it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import load_only

from app.engine.api import Task
from app.identity import queries as identity
from app.inbox.queries import conditions, cursor
from app.inbox.queries.counts import few_within
from app.inbox.queries.filters import BadFilter, Scope, TaskFilter
from app.inbox.queries.order import Order
from app.inbox.queries.ranges import Wanted, ranges_of
from app.inbox.queries.reader import Reader
from app.inbox.queries.rows import TaskRow, as_rows
from app.inbox.search import cases_matching
from app.kernel.db import session
from app.kernel.i18n import localized

PAGE_SIZE = 50

COLUMNS = (
    Task.id,
    Task.instance_id,
    Task.process_key,
    Task.element_id,
    Task.name,
    Task.name_en,
    Task.title,
    Task.title_en,
    Task.business_key,
    Task.unit_code,
    Task.priority,
    Task.due_at,
    Task.follow_up_at,
    Task.created_at,
    Task.assignee_id,
    Task.owner_id,
)


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Lines in the order asked for; `after` continues the list, empty at its end."""

    rows: list[TaskRow]
    after: str


def page_of(
    scope: Scope, reader: Reader, wanted: TaskFilter, *, after: str = "", now: datetime, size: int = PAGE_SIZE
) -> TaskPage:
    """The open tasks of a scope that the reader may see, narrowed and ordered, after a cursor.

    Rows that appear, go or move while somebody pages never make another row come twice or
    be left out: the next page starts after the last row's own place in the order.
    """
    asked = _wanted(scope, reader, wanted, now)
    if scope == "all" and not asked.places:
        return TaskPage([], "")
    order = Order.of(wanted, cursor.decode(after, wanted.sort))
    keys = order.merged(ranges_of(asked, order, size + 1), size + 1).subquery("keys")
    columns = (keys.c.undated, keys.c.value, keys.c.id)
    found = session.execute(
        sa.select(*columns, Task)
        .join(Task, Task.id == keys.c.id)
        .options(load_only(*COLUMNS))
        .order_by(*order.total(keys.c))
    ).all()
    shown = found[:size]
    tasks = [row.Task for row in shown]
    more = order.cursor(shown[-1]).encode() if len(found) > size else ""
    return TaskPage(as_rows(tasks, reader, unit_names(tasks, now)), more)


def unit_names(tasks: Sequence[Task], now: datetime) -> dict[str, str]:
    """Names of the tasks' units by code, in the reader's language."""
    codes = {task.unit_code for task in tasks if task.unit_code}
    return {unit.code: localized(unit.name, unit.name_en) for unit in identity.units_by_code(codes, at=now).values()}


def _wanted(scope: Scope, reader: Reader, wanted: TaskFilter, now: datetime) -> Wanted:
    places = _places(scope, reader, wanted.unit, now)
    return Wanted(
        scope=scope,
        reader=reader,
        narrowed=conditions.narrowed(scope, wanted, now),
        places=places,
        free=conditions.holder(scope, wanted) == "free",
        small=scope == "all" and not wanted.q and few_within(places),
        cases=cases_matching(wanted.q) if wanted.q else None,
    )


def _places(scope: Scope, reader: Reader, unit: str, now: datetime) -> tuple[str, ...]:
    """Where the tasks stand: the reader's places in `all`, everywhere else wherever they are, cut to a unit."""
    places = reader.read_paths if scope == "all" else ("/",)
    if not unit:
        return places
    view = identity.unit_by_code(unit, at=now)
    if view is None:
        raise BadFilter(
            _l("There is no unit %(code)s.", code=unit), errors={"unit": [str(_l("There is no such unit."))]}
        )
    if any(view.path.startswith(place) for place in places):
        return (view.path,)
    return tuple(place for place in places if place.startswith(view.path))
