"""A page of the inbox with very many tasks against the same page with a thousand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app.identity.queries import UserView
from app.inbox.queries.filters import SCOPES, TaskFilter
from app.inbox.queries.page import page_of
from app.inbox.queries.reader import reader_of
from app.kernel.db import run, session
from tests.bench.house import NOW, house
from tests.bench.measure import seconds, tell
from tests.identity.factories import make_unit, make_user, sync_standard
from tests.inbox.factories import make_task

FEW = 1000
OPEN_SHARE = 10
"""One task of ten is open, as in a centre that keeps its closed tasks for some years."""

GROUPS = 20
"""Among how many groups the open tasks are spread; the reader is in one of them."""


def measure(many: int) -> None:
    """Print the dearest scope's page: its CPU milliseconds with `many` tasks against those with `FEW`."""
    few, large = _pages(FEW), _pages(many)
    scope = max(SCOPES, key=lambda one: large[one] / few[one])
    tell("inbox.page", large[scope] * 1e3, "ms", against=few[scope] * 1e3)


def _pages(count: int) -> dict[str, float]:
    """CPU seconds of the first page of each scope."""
    with house():
        sync_standard()
        user = _fill(count)
        session.execute(sa.text("ANALYZE"))
        session.commit()
        return {scope: seconds(_page(scope, user), session.remove) for scope in SCOPES}


def _page(scope: Any, user: UserView) -> Callable[[None], object]:
    def page(_: None) -> object:
        reader = reader_of(user.id, user.username, at=NOW)
        return page_of(scope, reader, TaskFilter(), now=NOW)

    return page


def _fill(count: int) -> UserView:
    """`count` tasks, copies of one but for what lists are sorted and narrowed by; the reader may see all."""
    unit = make_unit("ST")
    user = make_user("reader", posts=[("dispatcher", unit), ("supervisor", unit)])
    task_id = make_task(NOW, unit=unit, groups=["dispatcher@ST"], due_at=NOW)
    run(lambda: _copy(task_id, user.id, count - 1))
    return user


def _copy(task_id: str, user_id: int, count: int) -> None:
    """Written by the database itself: a million rows through Python would take longer than all else."""
    values = {"task": task_id, "user": user_id, "count": count, "share": OPEN_SHARE, "groups": GROUPS}
    for statement in (_tasks(), _candidates()):
        session.execute(sa.text(statement), values)


_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
_DUE = "datetime(c.created_at, '+' || (n.i % 100000) || ' seconds') || '.000000'"


def _tasks() -> str:
    """Half of the open tasks are the reader's own, in each group alike; the others are nobody's."""
    given = {
        "id": "'t' || n.i",
        "token": "'t' || n.i",
        "state": "CASE WHEN n.i % :share = 0 THEN 'open' ELSE 'done' END",
        "assignee_id": "CASE WHEN n.i / (:share * :groups) % 2 = 0 THEN :user END",
        "due_at": _DUE,
    }
    return _insert("task", "id", given)


def _candidates() -> str:
    given = {
        "task_id": "'t' || n.i",
        "ref": "CASE WHEN n.i / :share % :groups = 0 THEN c.ref ELSE 'group' || (n.i / :share % :groups) END",
        "open": "n.i % :share = 0",
        "due_at": _DUE,
    }
    return _insert("task_candidate", "task_id", given)


def _insert(name: str, key: str, given: dict[str, str]) -> str:
    columns = [column["name"] for column in sa.inspect(session.get_bind()).get_columns(name)]
    quoted = ", ".join(f'"{column}"' for column in columns)
    chosen = ", ".join(given.get(column, f'c."{column}"') for column in columns)
    return f"INSERT INTO {name} ({quoted}) {_NUMBERS} SELECT {chosen} FROM n JOIN {name} c ON c.{key} = :task"
