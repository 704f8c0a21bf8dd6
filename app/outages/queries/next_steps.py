"""What an outage waits for: the open tasks of its process, and whose they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.engine import api as engine
from app.engine.api import TaskView
from app.identity import queries as people
from app.identity.models import Post
from app.kernel.db import session
from app.kernel.i18n import localized


@dataclass(frozen=True, slots=True)
class NextStep:
    """One open task: what is to be done, by whom, until when; `mine` says that the reader may do it."""

    task_id: str
    name: str
    who: str
    due_at: datetime | None
    mine: bool


def next_steps(number: str, *, user_id: int | None, now: datetime) -> list[NextStep]:
    """The open tasks of the outage of this number, in the reader's language, the oldest first."""
    tasks = [task for instance in engine.list_instances(business_key=number) for task in engine.open_tasks(instance.id)]
    groups = people.groups_of(user_id, at=now) if user_id is not None and tasks else frozenset()
    posts = _posts({ref.partition("@")[0] for task in tasks for kind, ref in task.candidates if kind == "group"})
    return [
        NextStep(
            task.id, localized(task.name, task.name_en), _who(task, posts), task.due_at, _mine(task, user_id, groups)
        )
        for task in sorted(tasks, key=lambda task: task.created_at)
    ]


def _who(task: TaskView, posts: dict[str, str]) -> str:
    """Who has the task, else the posts that may take it."""
    if task.assignee_id is not None:
        user = people.user_views([task.assignee_id]).get(task.assignee_id)
        return localized(user.name, user.name_en) if user else ""
    codes = dict.fromkeys(ref.partition("@")[0] for kind, ref in task.candidates if kind == "group")
    return " / ".join(posts.get(code, code) for code in codes)


def _mine(task: TaskView, user_id: int | None, groups: Collection[str]) -> bool:
    if task.assignee_id is not None:
        return task.assignee_id == user_id
    return any(ref in groups for kind, ref in task.candidates if kind == "group")


def _posts(codes: Collection[str]) -> dict[str, str]:
    """What these posts are called."""
    if not codes:
        return {}
    rows = session.execute(sa.select(Post.code, Post.name, Post.name_en).where(Post.code.in_(codes)))
    return {code: localized(name, name_en) for code, name, name_en in rows}
