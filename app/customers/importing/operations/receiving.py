"""Receiving a file: it is kept, recognised where it came before, and waits to be checked."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO

from flask_babel import lazy_gettext as _l

from app.customers.importing import find, rights, targets, topics
from app.customers.importing.bounds import BOUNDS
from app.customers.importing.models import DataImport
from app.customers.importing.profiles import Content
from app.kernel import audit, files, live
from app.kernel.actor import Actor
from app.kernel.db import session

TYPES = frozenset({"csv", "txt", "xlsx"})


def receive(
    stream: BinaryIO,
    filename: str,
    *,
    target: str = "",
    profile_id: int | None = None,
    content: Content | None = None,
    schedule_id: int | None = None,
    at_once: bool = False,
    repetition: bool = False,
    actor: Actor,
    now: datetime,
) -> DataImport:
    """Keep a file as a new import: by a profile, or for a `target` with a `content` made by hand (or none yet).

    `at_once` writes it as soon as its check has found every row good; `repetition` says that a file which is here
    already is meant. Raises `FileRefused`, `Forbidden`, `ProfileNotFound`, `UnknownTarget`.
    """
    version = None
    if profile_id is not None:
        profile = find.a_profile(profile_id)
        version, target = find.version_in_force(profile), profile.target
    permission = targets.get(target).permission
    rights.require(actor, permission=permission, now=now)
    _refuse_old_excel(filename)
    kept = files.save(stream, filename, actor=actor, now=now, allowed=TYPES, max_size=BOUNDS.file_bytes)
    row = DataImport(
        target=target,
        profile_version_id=version.id if version else None,
        schedule_id=schedule_id,
        content=version.content if version else (content.as_json() if content else {}),
        file_id=kept.id,
        file_name=kept.name,
        unit_path=rights.common_path(rights.paths(actor, permission=permission, now=now)),
        sha256=kept.sha256,
        at_once=at_once,
        repetition=repetition,
        created_at=now,
        created_by=actor.ref[:80],
        created_by_id=actor.id,
    )
    session.add(row)
    session.flush()
    details = {"file": kept.name, "target": target, "sha256": kept.sha256}
    audit.record("import.received", actor=actor, now=now, subject_type="import", subject_id=row.id, details=details)
    live.touch(topics.LIST)
    return row


def _refuse_old_excel(filename: str) -> None:
    extension = PurePosixPath(filename).suffix.lower()
    if extension in {".xls", ".xlsm", ".xlsb", ".et"}:
        message = _l("Files of the kind %(extension)s are not read. Save it as .xlsx or .csv.", extension=extension)
        raise files.FileRefused(message, reason="type", allowed=sorted(TYPES))
