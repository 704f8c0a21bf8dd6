"""Which open inboxes a change of a task concerns: live topics by person and by group, not one for everybody."""

from __future__ import annotations

from datetime import datetime

from app.engine import api as engine
from app.inbox.queries.reader import Reader
from app.kernel import live
from app.kernel.actor import Actor

EVERY = "inbox"
"""Touched by the engine with every change: what the list of all tasks listens to."""

MOST = 30
"""Topics a page listens to at most; beyond it (somebody with very many groups) it hears of every change."""


def of_person(user_id: int) -> str:
    return f"inbox:user:{user_id}"


def of_group(group: str) -> str:
    return f"inbox:group:{group}"


def of_scope(scope: str, reader: Reader) -> list[str]:
    """The topics a page of this scope listens to."""
    if scope == "all":
        return [EVERY]
    found = [of_person(user_id) for user_id in reader.held_ids]
    if scope == "groups":
        found += [of_group(group) for group in sorted(reader.groups)]
    return found if len(found) <= MOST else [EVERY]


def _concerned(task: engine.TaskView, /, *, actor: Actor, now: datetime) -> None:
    people = [of_person(user_id) for user_id in (task.assignee_id, task.owner_id) if user_id is not None]
    live.touch(*people, *(of_group(ref) for kind, ref in task.candidates if kind == "group"))


def follow_tasks() -> None:
    """Tell the inboxes concerned whenever a task comes, changes hands or dates, or goes."""
    for event in ("task.created", "task.changed", "task.completed", "task.cancelled"):
        engine.on(event, _concerned)
