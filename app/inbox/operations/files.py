"""Files and photos of a case: attached at a task by anybody who sees it, taken away by who brought them."""

from __future__ import annotations

from datetime import datetime
from typing import IO, BinaryIO, cast

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.inbox.models import CaseFile
from app.inbox.operations.opening import look
from app.inbox.rights import require
from app.kernel import files, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound


class CaseFileNotFound(NotFound):
    code = "case_file_not_found"


def attach(task_id: str, stream: IO[bytes], filename: str, *, title: str = "", actor: Actor, now: datetime) -> int:
    """Store a file (size and type are checked) and keep it with the task's case; returns its id there."""
    opened = look(task_id, actor=actor, now=now)
    stored = files.save(cast(BinaryIO, stream), filename, actor=actor, now=now)
    return keep(opened.task.instance_id, stored.id, task_id=task_id, title=title or stored.name, actor=actor, now=now)


def keep(instance_id: str, file_id: int, *, task_id: str | None, title: str, actor: Actor, now: datetime) -> int:
    """Let a stored file belong to a case; one that belongs to it already stays as it is."""
    known = session.scalar(sa.select(CaseFile).where(CaseFile.instance_id == instance_id, CaseFile.file_id == file_id))
    if known is not None:
        return known.id
    row = CaseFile(
        instance_id=instance_id,
        task_id=task_id,
        file_id=file_id,
        title=title.strip()[:200],
        at=now,
        author_id=actor.id,
        author=actor.ref,
    )
    session.add(row)
    session.flush()
    live.touch(f"instance:{instance_id}", *([f"task:{task_id}"] if task_id else []))
    return row.id


def remove_file(task_id: str, case_file_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a file out of the case; the record keeps that it was there and who removed it."""
    opened = look(task_id, actor=actor, now=now)
    row = session.get(CaseFile, case_file_id)
    if row is None or row.instance_id != opened.task.instance_id or row.removed_at is not None:
        raise CaseFileNotFound(_l("This file is no longer with the case."))
    require(
        row.author_id == actor.id or opened.rights.reschedule,
        _l("Only who attached the file, or who may assign tasks here, can remove it."),
    )
    row.removed_at, row.removed_by = now, actor.ref
    live.touch(f"task:{task_id}", f"instance:{row.instance_id}")
