"""Rows of the inbox: one for each user task that becomes open, closed when the flow leaves it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from SpiffWorkflow.task import Task as SpiffTask

from app.engine.definitions.elements import Element
from app.engine.runtime.elements import definition_of, element_of, instant, scope_of, value
from app.engine.runtime.models import Task, TaskCandidate
from app.engine.runtime.run.active import Run
from app.identity import queries as identity
from app.kernel import live
from app.kernel.db import new_id, session

Candidate = tuple[str, str]


def open_task(run: Run, task: SpiffTask) -> Task:
    """Write the row of a user task that has just been reached, with its candidates."""
    element = element_of(run.loaded, task)
    if element is None:
        raise LookupError(f"{task.task_spec.name} is no element of the diagram")
    row = _row(run, task, element)
    candidates = tuple(sorted(_candidates(run, task, element)))
    session.add(row)
    session.add_all(
        TaskCandidate(
            task_id=row.id, kind=kind, ref=ref, due_at=row.due_at, priority=row.priority, created_at=row.created_at
        )
        for kind, ref in candidates
    )
    run.created.append((row, candidates))
    live.touch("inbox", f"task:{row.id}")
    return row


def cancel_tasks(run: Run, tokens: Iterable[str]) -> None:
    """Close the rows of user tasks the flow has left."""
    gone = sorted(tokens)
    if not gone:
        return
    query = sa.select(Task).where(Task.instance_id == run.instance.id, Task.state == "open", Task.token.in_(gone))
    rows = session.scalars(query).all()
    for row in rows:
        row.state, row.completed_at, row.completed_by = "cancelled", run.now, run.actor.ref
        live.touch("inbox", f"task:{row.id}")
    close_candidates([row.id for row in rows])
    run.cancelled.extend(rows)


def close_candidates(task_ids: list[str]) -> None:
    """Take tasks out of their groups' lists."""
    if task_ids:
        statement = sa.update(TaskCandidate).where(TaskCandidate.task_id.in_(task_ids)).values(open=False)
        session.execute(statement, execution_options={"synchronize_session": False})


def _row(run: Run, task: SpiffTask, element: Element) -> Task:
    instance = run.instance
    properties, definition = element.properties, definition_of(run.loaded, scope_of(task))
    assignee = _assignee(value(properties.get("assignee"), task, run.now))
    return Task(
        id=new_id(),
        instance_id=instance.id,
        token=str(task.id),
        definition_id=definition.definition_id,
        process_key=definition.key,
        element_id=element.id,
        name=element.name,
        name_en=element.name_en,
        form_key=value(properties.get("formRef"), task, run.now) or value(properties.get("formKey"), task, run.now),
        state="open",
        assignee_id=assignee,
        claimed_at=run.now if assignee is not None else None,
        unit_code=instance.unit_code,
        unit_path=instance.unit_path,
        priority=_priority(value(properties.get("priority"), task, run.now), instance.priority),
        due_at=instant(properties.get("dueDate"), task, run.now),
        follow_up_at=instant(properties.get("followUpDate"), task, run.now),
        title=instance.title,
        title_en=instance.title_en,
        business_key=instance.business_key,
        search=instance.search,
        created_at=run.now,
    )


def _candidates(run: Run, task: SpiffTask, element: Element) -> set[Candidate]:
    found: set[Candidate] = set()
    for kind, name in (("group", "candidateGroups"), ("user", "candidateUsers")):
        found.update((kind, ref) for ref in _refs(value(element.properties.get(name), task, run.now)))
    return found


def _refs(given: Any) -> list[str]:
    """A list, or text with commas between: `dispatcher@GM, leader@GM`."""
    if given is None or given == "":
        return []
    entries = given if isinstance(given, list) else str(given).split(",")
    return [str(entry).strip() for entry in entries if str(entry).strip()]


def _assignee(given: Any) -> int | None:
    """The user an assignee expression names, by id or sign-in name; nobody where there is no such user."""
    if given is None or given == "":
        return None
    user = identity.user_view(given)
    return user.id if user is not None else None


def _priority(given: Any, default: int) -> int:
    return default if given in (None, "") else int(given)
