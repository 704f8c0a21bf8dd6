"""What the list costs: statements that do not grow with rows, and ranges of indexes on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event

from app.engine.api import Task, TaskCandidate
from app.identity.queries import UnitView, UserView
from app.inbox.queries import conditions, page
from app.inbox.queries.cursor import Cursor
from app.inbox.queries.filters import SCOPES, Scope, TaskFilter
from app.inbox.queries.order import Order
from app.inbox.queries.ranges import Wanted, ranges_of
from app.inbox.queries.reader import Reader, reader_of
from app.kernel.clock import FrozenClock
from app.kernel.db import db, session
from tests.identity.factories import make_tree, make_user, sign_in
from tests.inbox.factories import make_case, make_task

pytestmark = pytest.mark.databases


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that goes to the database within the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def station(app: object) -> UnitView:
    return make_tree()["P-A-X-1"]


@pytest.fixture
def dispatcher(station: UnitView) -> UserView:
    return make_user(posts=[("dispatcher", station), ("reviewer", station)])


def add_tasks(dispatcher: UserView, station: UnitView, clock: FrozenClock, number: int) -> None:
    for index in range(number):
        holder = dispatcher if index % 2 else None
        make_task(clock.now(), unit=station, groups=["dispatcher@P-A-X-1"], assignee=holder, due_at=clock.now())


@pytest.mark.parametrize("scope", SCOPES)
def test_statements_do_not_grow_with_rows(
    client: FlaskClient, dispatcher: UserView, station: UnitView, clock: FrozenClock, scope: str
) -> None:
    sign_in(client, dispatcher)
    add_tasks(dispatcher, station, clock, 4)
    counted = []
    for more in (0, 20):
        add_tasks(dispatcher, station, clock, more)
        session.rollback()
        with statements() as seen:
            assert client.get(f"/inbox?scope={scope}").status_code == 200
        counted.append([text for text in seen if text.startswith(("SELECT", "WITH"))])
    assert len(counted[0]) == len(counted[1])
    assert len(counted[1]) <= 16, "\n\n".join(counted[1])
    assert not any("instance.state" in text for text in counted[1]), "no list loads the state of a case"


MANY = 6000
INDEXES: dict[tuple[Scope, str], str] = {
    ("mine", "due"): "ix_task_assignee_id_state_due_at",
    ("mine", "created"): "ix_task_assignee_id_state_created_at",
    ("mine", "priority"): "ix_task_assignee_id_state_priority",
    ("groups", "due"): "ix_task_candidate_ref_due_at",
    ("groups", "created"): "ix_task_candidate_ref_created_at",
    ("groups", "priority"): "ix_task_candidate_ref_priority",
    ("all", "due"): "ix_task_state_due_at",
    ("all", "created"): "ix_task_state_created_at",
    ("all", "priority"): "ix_task_state_priority",
}


def fill(case_id: str, station: UnitView, clock: FrozenClock) -> None:
    """Many tasks of many holders, groups and places, so that a planner that guesses by statistics has some."""
    now = clock.now()
    tasks, candidates = [], []
    for number in range(MANY):
        minutes = timedelta(minutes=number)
        common = {"due_at": now + minutes, "priority": number % 100, "created_at": now - minutes}
        row = {"id": f"t{number:05}", "instance_id": case_id, "token": str(number), "definition_id": "d"}
        row |= {"process_key": "p", "element_id": "e", "name": "n", "assignee_id": 1 + number % 300}
        place = station.path if number % 100 == 0 else f"/{900 + number % 50}/"
        tasks.append({**row, **common, "unit_path": place, "state": "open" if number % 2 == 0 else "done"})
        ref = f"dispatcher@U{number % 200}" if number % 200 else "dispatcher@P-A-X-1"
        candidates.append({"task_id": row["id"], "kind": "group", "ref": ref, "open": number % 2 == 0, **common})
    session.execute(sa.insert(Task), tasks)
    session.execute(sa.insert(TaskCandidate), candidates)
    session.commit()
    session.execute(sa.text("ANALYZE"))
    session.commit()


def plan_of(scope: Scope, reader: Reader, clock: FrozenClock, sort: str, *, small: bool = False) -> str:
    """What the database says it will do for the second page of a list."""
    wanted = TaskFilter(sort=sort, desc=sort != "due")
    value = clock.now() if sort != "priority" else 50
    order = Order.of(wanted, Cursor(sort, value, "0"))
    places = reader.read_paths if scope == "all" else ("/",)
    asked = Wanted(scope, reader, conditions.narrowed(scope, wanted, clock.now()), places, small=small)
    statement = order.merged(ranges_of(asked, order, page.PAGE_SIZE + 1), page.PAGE_SIZE + 1)
    text = statement.compile(db.engine, compile_kwargs={"literal_binds": True}).string
    sqlite = db.engine.dialect.name == "sqlite"
    rows = session.connection().exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{text}")
    return "\n".join(str(row[-1]) for row in rows)


def test_each_list_is_read_from_its_index(dispatcher: UserView, station: UnitView, clock: FrozenClock) -> None:
    fill(make_case(clock.now(), unit=station).id, station, clock)
    reader = reader_of(dispatcher.id, dispatcher.username, at=clock.now())
    exact = db.engine.dialect.name == "sqlite"  # PostgreSQL sorts a dozen rows rather than read them in order
    for (scope, sort), index in INDEXES.items():
        plan = plan_of(scope, reader, clock, sort)
        assert (index if exact else index[: index.rindex(f"_{sort}")]) in plan, f"{scope} by {sort}:\n{plan}"
        assert not re.search(r"(SCAN|Seq Scan on) task", plan), f"{scope} by {sort}:\n{plan}"
    assert "ix_task_state_unit_path" in plan_of("all", reader, clock, "due", small=True)
