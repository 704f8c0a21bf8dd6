"""A page of the inbox with very many tasks against the same page with a thousand.

Either has enough tasks in every scope to fill the page, so that the same work is compared,
and in either the reader's group has most of its open tasks in somebody's hands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from app.identity.queries import UserView
from app.inbox.queries.filters import SCOPES, TaskFilter
from app.inbox.queries.page import PAGE_SIZE, TaskPage, page_of
from app.inbox.queries.reader import reader_of
from app.kernel.db import run, session
from tests.bench.house import NOW, house
from tests.bench.measure import seconds, tell
from tests.identity.factories import make_unit, make_user, sync_standard
from tests.inbox.factories import make_task


@dataclass(frozen=True, slots=True)
class Size:
    """`count` tasks of which one in `share` is open, spread among `groups`, of which the reader is in one.

    Of the open tasks of each group one in `free` is nobody's; the others are the reader's own.
    """

    count: int
    share: int
    groups: int
    free: int


FEW = Size(1000, share=2, groups=2, free=4)
"""Hardly larger than a page: 250 open tasks of the reader's group, 62 of them free."""


def many_tasks(count: int) -> Size:
    """A centre that keeps its closed tasks for some years; of a group's 5,000 of a million one in 50 is free."""
    return Size(count, share=10, groups=20, free=max(count // 20_000, 4))


def measure(many: int) -> None:
    """Print the dearest scope's page: its CPU milliseconds with `many` tasks against those with `FEW`."""
    few, large = _pages(FEW), _pages(many_tasks(many))
    for one in SCOPES:
        tell(f"inbox.page.{one}", large[one] * 1e3, "ms", against=few[one] * 1e3)
    scope = max(SCOPES, key=lambda one: large[one] / few[one])
    tell("inbox.page", large[scope] * 1e3, "ms", against=few[scope] * 1e3)


def _pages(size: Size) -> dict[str, float]:
    """CPU seconds of the first page of each scope."""
    with house():
        sync_standard()
        user = _fill(size)
        session.execute(sa.text("ANALYZE"))
        session.commit()
        return {scope: _seconds(scope, user) for scope in SCOPES}


def _seconds(scope: Any, user: UserView) -> float:
    page = _page(scope, user)
    if len(page(None).rows) != PAGE_SIZE:
        raise AssertionError(f"the page of {scope} is not full: nothing would be compared")
    return seconds(page, session.remove)


def _page(scope: Any, user: UserView) -> Callable[[None], TaskPage]:
    def page(_: None) -> TaskPage:
        reader = reader_of(user.id, user.username, at=NOW)
        return page_of(scope, reader, TaskFilter(), now=NOW)

    return page


def _fill(size: Size) -> UserView:
    """So many tasks, copies of one but for what lists are sorted and narrowed by; the reader may see all."""
    unit = make_unit("ST")
    user = make_user("reader", posts=[("dispatcher", unit), ("supervisor", unit)])
    task_id = make_task(NOW, unit=unit, groups=["dispatcher@ST"], due_at=NOW)
    run(lambda: _copy(task_id, user.id, size))
    return user


def _copy(task_id: str, user_id: int, size: Size) -> None:
    """Written by the database itself: a million rows through Python would take longer than all else."""
    values = {"task": task_id, "user": user_id, **asdict(size), "count": size.count - 1}
    for statement in (_tasks(), _candidates()):
        session.execute(sa.text(statement), values)


_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
_HELD = "n.i / (:share * :groups) % :free <> 0"
_DUE = "datetime(c.created_at, '+' || (n.i % 100000) || ' seconds') || '.000000'"


def _tasks() -> str:
    given = {
        "id": "'t' || n.i",
        "token": "'t' || n.i",
        "state": "CASE WHEN n.i % :share = 0 THEN 'open' ELSE 'done' END",
        "assignee_id": f"CASE WHEN {_HELD} THEN :user END",
        "due_at": _DUE,
    }
    return _insert("task", "id", given)


def _candidates() -> str:
    given = {
        "task_id": "'t' || n.i",
        "ref": "CASE WHEN n.i / :share % :groups = 0 THEN c.ref ELSE 'group' || (n.i / :share % :groups) END",
        "open": "n.i % :share = 0",
        "held": _HELD,
        "due_at": _DUE,
    }
    return _insert("task_candidate", "task_id", given)


def _insert(name: str, key: str, given: dict[str, str]) -> str:
    columns = [column["name"] for column in sa.inspect(session.get_bind()).get_columns(name)]
    quoted = ", ".join(f'"{column}"' for column in columns)
    chosen = ", ".join(given.get(column, f'c."{column}"') for column in columns)
    return f"INSERT INTO {name} ({quoted}) {_NUMBERS} SELECT {chosen} FROM n JOIN {name} c ON c.{key} = :task"
