"""Rows of the inbox: one for each user task that becomes open, closed when the flow leaves it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from SpiffWorkflow.task import Task as SpiffTask
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from app.engine.definitions.elements import Element
from app.engine.runtime.elements import definition_of, element_of, instant, scope_of, value
from app.engine.runtime.models import Task, TaskCandidate
from app.engine.runtime.run.active import Run
from app.identity import queries as identity
from app.kernel import db, live
from app.kernel.db import new_id, session

Candidate = tuple[str, str]

_TASK, _CANDIDATE = db.table(Task), db.table(TaskCandidate)
_ADD = sa.insert(_TASK)
_OFFER = sa.insert(_CANDIDATE)
_CLOSE = sa.update(_TASK).where(_TASK.c.id == sa.bindparam("key"))
_WITHDRAW = sa.update(_CANDIDATE).where(_CANDIDATE.c.task_id == sa.bindparam("key"))


def open_task(run: Run, task: SpiffTask) -> Task:
    """Write the row of a user task that has just been reached, with its candidates."""
    element = element_of(run.loaded, task)
    if element is None:
        raise LookupError(f"{task.task_spec.name} is no element of the diagram")
    values = _values(run, task, element)
    candidates = tuple(sorted(_candidates(run, task, element)))
    db.write(_ADD, values)
    if candidates:
        copies = {name: values[name] for name in ("due_at", "priority", "created_at")}
        copies["held"] = values["assignee_id"] is not None
        db.write(_OFFER, [{"task_id": values["id"], "kind": kind, "ref": ref} | copies for kind, ref in candidates])
    row = _known(Task(**values))
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
    _close_candidates([row.id for row in rows])
    run.cancelled.extend(rows)


def close_task(run: Run, row: Task) -> None:
    """Mark the task as done by the actor and take it out of its groups' lists."""
    values = {"state": "done", "completed_at": run.now, "completed_by": run.actor.ref}
    db.write(_CLOSE, {"key": row.id, **values})
    for name, given in values.items():
        set_committed_value(row, name, given)
    _close_candidates([row.id])


def _close_candidates(task_ids: list[str]) -> None:
    if task_ids:
        db.write(_WITHDRAW, [{"key": task_id, "open": False} for task_id in task_ids])


def _known(row: Task) -> Task:
    """The row as if it had been read: it is written already."""
    make_transient_to_detached(row)
    session.add(row)
    return row


def _values(run: Run, task: SpiffTask, element: Element) -> dict[str, Any]:
    instance = run.instance
    properties, definition = element.properties, definition_of(run.loaded, scope_of(task))
    assignee = _assignee(value(properties.get("assignee"), task, run.now))
    return {
        "id": new_id(),
        "instance_id": instance.id,
        "token": str(task.id),
        "definition_id": definition.definition_id,
        "process_key": definition.key,
        "element_id": element.id,
        "name": element.name,
        "name_en": element.name_en,
        "form_key": value(properties.get("formRef"), task, run.now) or value(properties.get("formKey"), task, run.now),
        "state": "open",
        "assignee_id": assignee,
        "owner_id": None,
        "claimed_at": run.now if assignee is not None else None,
        "unit_code": instance.unit_code,
        "unit_path": instance.unit_path,
        "priority": _priority(value(properties.get("priority"), task, run.now), instance.priority),
        "due_at": instant(properties.get("dueDate"), task, run.now),
        "follow_up_at": instant(properties.get("followUpDate"), task, run.now),
        "title": instance.title,
        "title_en": instance.title_en,
        "business_key": instance.business_key,
        "search": instance.search,
        "created_at": run.now,
        "completed_at": None,
        "completed_by": None,
    }


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
