"""What goes on record beside the engine's own log: a note, and for whom a substitute acted."""

from __future__ import annotations

from datetime import datetime

from app.inbox.models import TaskNote
from app.inbox.operations.opening import Opened
from app.kernel.actor import Actor
from app.kernel.db import session


def note(opened: Opened, action: str, *, text: str = "", actor: Actor, now: datetime) -> None:
    """Write down a note or the absent colleague acted for, where there is either."""
    if not text and opened.on_behalf_id is None:
        return
    session.add(
        TaskNote(
            instance_id=opened.task.instance_id,
            task_id=opened.task.id,
            at=now,
            actor=actor.ref,
            action=action,
            on_behalf_id=opened.on_behalf_id,
            text=text,
        )
    )
