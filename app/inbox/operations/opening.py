"""How every operation begins: the task, who acts on it, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.engine import api as engine
from app.inbox.queries.closed import refuse_closed
from app.inbox.queries.reader import Reader
from app.inbox.rights import Rights, reader_for, require_sight, rights_of
from app.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Opened:
    """A task as one actor may deal with it."""

    task: engine.TaskView
    reader: Reader
    rights: Rights

    @property
    def on_behalf_id(self) -> int | None:
        """The absent colleague acted for, where the actor stands in for them."""
        return self.rights.on_behalf.id if self.rights.on_behalf else None


def open_task(task_id: str, *, actor: Actor, now: datetime) -> Opened:
    """The open task; refused where the actor may not see it, or it is not open any more (who and when)."""
    opened = look(task_id, actor=actor, now=now)
    refuse_closed(opened.task)
    return opened


def look(task_id: str, *, actor: Actor, now: datetime) -> Opened:
    """The task in whatever state; refused where the actor may not see it."""
    task = engine.get_task(task_id)
    reader = reader_for(actor, now=now)
    rights = rights_of(task, reader)
    require_sight(rights, task_id)
    return Opened(task, reader, rights)
