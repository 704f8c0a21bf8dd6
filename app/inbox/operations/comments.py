"""Remarks on a case, written at a task by anybody who sees it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.inbox.models import TaskComment
from app.inbox.operations.opening import look
from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid

LONGEST = 4000


class BadComment(Invalid):
    code = "bad_comment"


def add_comment(task_id: str, text: str, *, actor: Actor, now: datetime) -> int:
    """Keep a remark with the case of this task, also when the task is done; returns its id."""
    opened = look(task_id, actor=actor, now=now)
    words = text.strip()
    if not words:
        raise _bad(_l("Write something first."))
    if len(words) > LONGEST:
        raise _bad(_l("A comment has at most %(most)d characters.", most=LONGEST))
    comment = TaskComment(
        instance_id=opened.task.instance_id,
        task_id=task_id,
        at=now,
        author_id=actor.id,
        author=actor.ref,
        text=words,
    )
    session.add(comment)
    session.flush()
    live.touch(f"task:{task_id}", f"instance:{opened.task.instance_id}")
    return comment.id


def _bad(message: object) -> BadComment:
    return BadComment(message, errors={"text": [str(message)]})
