"""Starting instances, completing tasks, ending."""

from __future__ import annotations

import pytest

from app.engine import api
from tests.engine.diagrams import chain, diagram, end, extensions, script, start, user
from tests.engine.runtime.driving import Driver

pytestmark = pytest.mark.databases

TWO = diagram(
    start(),
    user(
        "take", extensions(properties={"name_en": "Take it"}), name="接单", camunda_candidateGroups="dispatcher@${unit}"
    ),
    script("double", "y = x * 2"),
    user("check", camunda_dueDate="PT45M", camunda_priority="70"),
    end(),
    chain("s", "take", "double", "check", "e"),
)


def test_a_started_instance_waits_at_its_first_task(drive: Driver) -> None:
    drive.deploy(p=TWO)
    instance = drive.start(data={"unit": "GM"}, business_key="GD1", title="停电", title_en="Outage", priority=60)
    task = drive.task(instance.id, "take")
    assert (instance.status, instance.business_key) == ("active", "GD1")
    assert (task.name, task.name_en, task.title, task.priority) == ("接单", "Take it", "停电", 60)
    assert task.candidates == (("group", "dispatcher@GM"),)
    assert task.created_at == drive.now


def test_completing_merges_the_data_and_runs_on(drive: Driver) -> None:
    drive.deploy(p=TWO)
    instance = drive.start(data={"unit": "GM"})
    done = drive.complete(instance.id, "take", x=21)
    (following,) = done.next_tasks
    assert (done.task.state, done.task.completed_by) == ("done", "tester")
    assert (following.element_id, following.priority) == ("check", 70)
    assert (following.due_at - drive.now).total_seconds() == 45 * 60
    assert api.variables(instance.id) == {"unit": "GM", "x": 21, "y": 42}
    assert drive.complete(instance.id, "check").instance.status == "completed"
    ended = api.get_instance(instance.id)
    assert (ended.end_element, ended.ended_at) == ("e", drive.now)
