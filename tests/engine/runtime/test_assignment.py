"""Handing tasks around."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api
from app.engine.runtime.tasks.assignment import TaskClaimedByOther, TaskNotDelegated
from app.kernel.db import session
from tests.engine.diagrams import chain, diagram, end, start, user
from tests.engine.runtime.driving import NOBODY, Driver
from tests.identity.factories import make_user

pytestmark = pytest.mark.databases


@pytest.fixture
def task_id(drive: Driver) -> str:
    drive.deploy(p=diagram(start(), user("a", camunda_candidateGroups="g"), end(), chain("s", "a", "e")))
    return drive.task(drive.start().id, "a").id


def test_the_first_to_claim_has_it_until_it_is_given_back(drive: Driver, task_id: str) -> None:
    task = drive.do(lambda: api.claim(task_id, 1, actor=NOBODY, now=drive.now))
    assert (task.assignee_id, task.claimed_at) == (1, drive.now)
    assert drive.do(lambda: api.claim(task_id, 1, actor=NOBODY, now=drive.now)).assignee_id == 1
    with pytest.raises(TaskClaimedByOther) as refused:
        drive.do(lambda: api.claim(task_id, 2, actor=NOBODY, now=drive.now))
    assert refused.value.details["assignee_id"] == 1
    assert drive.do(lambda: api.release(task_id, actor=NOBODY, now=drive.now)).assignee_id is None
    assert drive.do(lambda: api.assign(task_id, 2, actor=NOBODY, now=drive.now)).assignee_id == 2


def test_a_delegated_task_comes_back(drive: Driver, task_id: str) -> None:
    with pytest.raises(TaskNotDelegated):
        drive.do(lambda: api.resolve(task_id, actor=NOBODY, now=drive.now))
    drive.do(lambda: api.claim(task_id, 1, actor=NOBODY, now=drive.now))
    task = drive.do(lambda: api.delegate(task_id, 2, actor=NOBODY, now=drive.now))
    assert (task.assignee_id, task.owner_id) == (2, 1)
    task = drive.do(lambda: api.resolve(task_id, actor=NOBODY, now=drive.now))
    assert (task.assignee_id, task.owner_id) == (1, None)


def test_dates_and_priority_are_kept_equal_for_the_candidates(drive: Driver, task_id: str) -> None:
    due = drive.now + timedelta(hours=1)
    drive.do(lambda: api.set_due(task_id, due, actor=NOBODY, now=drive.now))
    drive.do(lambda: api.set_priority(task_id, 80, actor=NOBODY, now=drive.now))
    drive.do(lambda: api.set_follow_up(task_id, due, actor=NOBODY, now=drive.now))
    (row,) = session.scalars(sa.select(api.TaskCandidate).where(api.TaskCandidate.task_id == task_id))
    assert (row.open, row.due_at, row.priority) == (True, due, 80)
    session.rollback()
    drive.do(lambda: api.complete(task_id, {}, actor=NOBODY, now=drive.now))
    (row,) = session.scalars(sa.select(api.TaskCandidate).where(api.TaskCandidate.task_id == task_id))
    assert row.open is False
    instance_id = api.get_task(task_id).instance_id
    assert [one.operation for one in api.operations(instance_id)] == [
        "set_due",
        "set_priority",
        "set_follow_up",
        "complete",
    ]


def test_the_candidates_know_whether_somebody_has_the_task(drive: Driver, task_id: str) -> None:
    def held() -> bool:
        session.remove()
        return session.scalars(sa.select(api.TaskCandidate.held).where(api.TaskCandidate.task_id == task_id)).one()

    changes = (
        (True, lambda: api.claim(task_id, 7, actor=NOBODY, now=drive.now)),
        (False, lambda: api.release(task_id, actor=NOBODY, now=drive.now)),
        (True, lambda: api.delegate(task_id, 8, actor=NOBODY, now=drive.now)),
        (False, lambda: api.assign(task_id, None, actor=NOBODY, now=drive.now)),
        (True, lambda: api.assign(task_id, 9, actor=NOBODY, now=drive.now)),
    )
    assert held() is False
    for expected, change in changes:
        drive.do(change)
        assert held() is expected


def test_a_task_that_is_somebodys_from_the_start_is_held(drive: Driver, app: Flask) -> None:
    somebody = make_user()
    given = {"camunda_candidateGroups": "g", "camunda_assignee": somebody.username}
    drive.deploy(q=diagram(start(), user("a", **given), end(), chain("s", "a", "e"), key="q"))
    drive.start("q")
    assert session.scalars(sa.select(api.TaskCandidate.held)).all() == [True]
