"""What one completed: newest first, found by words, read from its index, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.engine.api import Task
from app.inbox.queries.cursor import BadCursor
from app.inbox.queries.done import done_by
from app.inbox.queries.reader import reader_of
from app.kernel.clock import FrozenClock
from app.kernel.db import db, session
from tests.identity.factories import make_unit, make_user, sign_in
from tests.inbox.factories import make_case, make_task

pytestmark = pytest.mark.databases

HOUR = timedelta(hours=1)


def finished(clock: FrozenClock, by: str, hours: int, **values: object) -> str:
    """A task that somebody completed so many hours ago."""
    at = clock.now() - hours * HOUR
    return make_task(at - HOUR, state="done", completed_by=by, completed_at=at, **values)  # type: ignore[arg-type]


def test_mine_newest_first_in_pages(app: object, clock: FrozenClock) -> None:
    user, other = make_user(), make_user()
    mine = [finished(clock, user.username, hours) for hours in (0, 1, 2, 2, 5)]
    finished(clock, other.username, 1)
    make_task(clock.now(), assignee=user)
    make_task(clock.now(), state="cancelled", completed_by=user.username, completed_at=clock.now())
    reader = reader_of(user.id, user.username, at=clock.now())
    seen: list[str] = []
    after = ""
    while True:
        page = done_by(reader, after=after, now=clock.now(), size=2)
        seen += [row.id for row in page.rows]
        after = page.after
        if not after:
            break
    assert seen[:2] + seen[-1:] == mine[:2] + mine[-1:]
    assert sorted(seen) == sorted(mine)
    with pytest.raises(BadCursor):
        done_by(reader, after="%%%", now=clock.now())


def test_found_by_two_characters_and_marked_late(app: object, clock: FrozenClock) -> None:
    user = make_user()
    case = make_case(clock.now(), title="青山路停电")
    task = finished(clock, user.username, 1, case=case, due_at=clock.now() - 2 * HOUR)
    finished(clock, user.username, 2)
    reader = reader_of(user.id, user.username, at=clock.now())
    found = done_by(reader, q="停电", now=clock.now()).rows
    assert [(row.id, row.late) for row in found] == [(task, True)]


def test_the_page_lists_them_and_leads_to_the_task(client: FlaskClient, clock: FrozenClock) -> None:
    user = make_user(posts=[("dispatcher", make_unit("U"))])
    task = finished(clock, user.username, 1)
    sign_in(client, user)
    page = client.get("/inbox/done").get_data(as_text=True)
    assert f"/tasks/{task}" in page
    assert "我已办" in page
    assert "Done by me" in client.get("/inbox/done?lang=en").get_data(as_text=True)
    assert "没有符合" in client.get("/inbox/done?lang=zh&q=不存在").get_data(as_text=True)


def test_the_list_is_one_range_of_its_index(app: object, clock: FrozenClock) -> None:
    case = make_case(clock.now())
    rows = [
        {
            "id": f"t{number:05}",
            "instance_id": case.id,
            "token": str(number),
            "definition_id": "d",
            "process_key": "p",
            "element_id": "e",
            "name": "n",
            "state": "done",
            "created_at": clock.now(),
            "completed_by": f"user{number % 100}",
            "completed_at": clock.now() + number * HOUR,
        }
        for number in range(3000)
    ]
    session.execute(sa.insert(Task), rows)
    session.commit()
    session.execute(sa.text("ANALYZE"))
    session.commit()
    query = sa.select(Task.id).where(Task.completed_by == "user7", Task.state == sa.literal_column("'done'"))
    ordered = query.order_by(Task.completed_at.desc(), Task.id.desc()).limit(51)
    text = ordered.compile(db.engine, compile_kwargs={"literal_binds": True}).string
    sqlite = db.engine.dialect.name == "sqlite"
    plan = session.connection().exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{text}")
    found = "\n".join(str(row[-1]) for row in plan)
    assert "ix_task_completed_by_completed_at" in found, found
    assert "B-TREE" not in found
