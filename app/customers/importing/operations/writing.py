"""Writing: every record of the file in one transaction, which is also the one that ends the job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.importing import find, rights, targets, topics
from app.customers.importing.bounds import BOUNDS
from app.customers.importing.models import DataImport
from app.customers.importing.operations.errors import in_both_languages
from app.customers.importing.operations.finishing import tell
from app.customers.importing.operations.passing import RECORDS_BETWEEN_NEWS, Pass
from app.customers.importing.operations.stopping import BadRows, refuse
from app.kernel import audit, jobs, live
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import db, is_sqlite, session, table
from app.kernel.errors import Conflict, LightlineError
from app.kernel.registry import registry

JOB = "customers.import.write"


class AlreadyImported(Conflict):
    """The same file was or is being imported: `details["earlier"]` is that import's id."""

    code = "import_repeated"


def begin_writing(import_id: int, *, repetition: bool = False, actor: Actor, now: datetime) -> None:
    """Let a checked import be written by a job.

    `repetition` confirms that a file which was imported before is meant. Raises `WrongState`, `AlreadyImported`.
    """
    row = find.in_state(import_id, "checked")
    rights.require(actor, permission=targets.get(row.target).permission, now=now)
    rights.require_import(row, actor=actor, now=now)
    row.repetition = row.repetition or repetition
    earlier = find.done_before(row)
    if earlier is not None and not row.repetition:
        message = _l("This file was imported already (import %(earlier)s). Confirm that you mean it.", earlier=earlier)
        raise AlreadyImported(message, earlier=earlier)
    _begin(row, now)
    audit.record("import.begun", actor=actor, now=now, subject_type="import", subject_id=row.id)


def begin_writing_at_once(row: DataImport, *, now: datetime) -> None:
    """Go on after a check without a person; a file that is here already ends as cancelled."""
    if find.done_before(row) is not None and not row.repetition:
        row.state, row.finished_at = "cancelled", now
        if row.schedule_id is not None:
            tell(row, now=now)
        return
    _begin(row, now)


def _begin(row: DataImport, now: datetime) -> None:
    """Claim the file: the unique claim refuses the second of two imports that begin at one instant."""
    earlier = find.done_before(row)
    try:
        with session.begin_nested():
            row.claim = None if row.repetition else f"{row.target}:{row.sha256}"
            row.state, row.read = "writing", 0
            session.flush()
    except sa.exc.IntegrityError as exc:
        message = _l("This file is being imported by somebody else at this moment.")
        raise AlreadyImported(message, earlier=earlier) from exc
    payload = {"import": row.id}
    jobs.enqueue(JOB, payload, now=now, key=f"import-write:{row.id}:{row.revision}")
    live.touch(topics.of_import(row.id), topics.LIST)


def _give_up(payload: Mapping[str, Any], _error: str, now: datetime) -> None:
    row = session.get(DataImport, int(payload["import"]))
    if row is not None and row.state == "writing":
        row.state, row.claim, row.finished_at = "failed", None, now
        tell(row, now=now)
        live.touch(topics.of_import(row.id), topics.LIST)


@registry.job(JOB, max_attempts=3, on_dead=_give_up)
def write_import(payload: Mapping[str, Any], now: datetime) -> None:
    """Write an import, all of it or nothing."""
    row = session.get(DataImport, int(payload["import"]))
    if row is None or row.state != "writing":
        return
    savepoint = session.begin_nested()
    try:
        counts = _write(row, now)
        savepoint.commit()
    except LightlineError as refused:
        savepoint.rollback()
        _stop(row, refused, now)
        return
    row.created, row.changed, row.same = counts["created"], counts["changed"], counts["same"]
    row.read, row.state, row.finished_at = row.rows, "done", now
    details = {"created": row.created, "changed": row.changed, "same": row.same}
    actor = rights.person(row.created_by_id)
    audit.record("import.done", actor=actor, now=now, subject_type="import", subject_id=row.id, details=details)
    session.flush()
    tell(row, now=now)
    live.touch(topics.of_import(row.id), topics.LIST)


def _write(row: DataImport, now: datetime) -> Counter[str]:
    work, import_id = Pass(row, now=now), row.id
    counts: Counter[str] = Counter()
    done = told = 0
    for records in work.batches():
        if not any(record.problems for record in records):
            counts.update(effect.act for effect in work.writer.write(records))
        bad = [problem for record in records if record.problems for problem in work.problems_of(record)]
        if bad:
            raise BadRows(bad[: BOUNDS.problems], rows=sum(bool(record.problems) for record in records))
        done += len(records)
        if done - told >= RECORDS_BETWEEN_NEWS:
            told = done
            _note_progress(import_id, done)
    return counts


def _stop(row: DataImport, refused: LightlineError, now: datetime) -> None:
    error = None if isinstance(refused, BadRows) else in_both_languages(refused)
    problems = refused.problems if isinstance(refused, BadRows) else []
    refuse(row, problems, bad=refused.rows if isinstance(refused, BadRows) else 0, error=error)
    row.finished_at = None
    tell(row, now=now)
    audit.record("import.refused", actor=SYSTEM, now=now, subject_type="import", subject_id=row.id)
    live.touch(topics.of_import(row.id), topics.LIST)


def _note_progress(import_id: int, done: int) -> None:
    """On a connection of its own, so that others see it before the commit; SQLite has only one writer."""
    if is_sqlite():
        return
    statement = sa.update(table(DataImport)).where(table(DataImport).c.id == import_id).values(read=done)
    with db.engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
        connection.execute(statement)
