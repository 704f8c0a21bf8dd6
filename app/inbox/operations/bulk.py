"""The same hand-over for many tasks: each succeeds or is reported, none spoils the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.engine.api import TaskView
from app.inbox.operations.handover import assign, claim
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid, LightlineError

MOST = 200
"""One request handles at most so many tasks: it holds its transaction all the while."""


class BadSelection(Invalid):
    code = "bad_selection"


@dataclass(frozen=True, slots=True)
class BulkResult:
    """`done` are task ids; `refused` pairs a task id with the reason given to the reader."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def claim_many(task_ids: Sequence[str], *, actor: Actor, now: datetime) -> BulkResult:
    """Claim each of these tasks."""
    return _each(task_ids, lambda task_id: claim(task_id, actor=actor, now=now))


def assign_many(task_ids: Sequence[str], user_id: int, *, text: str = "", actor: Actor, now: datetime) -> BulkResult:
    """Assign each of these tasks to one person."""
    return _each(task_ids, lambda task_id: assign(task_id, user_id, text=text, actor=actor, now=now))


def _each(task_ids: Sequence[str], work: Callable[[str], TaskView]) -> BulkResult:
    chosen = list(dict.fromkeys(task_ids))
    if not chosen:
        raise BadSelection(_l("Select at least one task."), errors={"task": [str(_l("Select at least one task."))]})
    if len(chosen) > MOST:
        message = _l("Select at most %(most)d tasks at once.", most=MOST)
        raise BadSelection(message, errors={"task": [str(message)]})
    result = BulkResult()
    for task_id in chosen:
        try:
            with session.begin_nested():
                work(task_id)
        except LightlineError as refusal:
            result.refused.append((task_id, str(refusal)))
        else:
            result.done.append(task_id)
    return result
