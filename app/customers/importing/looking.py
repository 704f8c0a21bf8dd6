"""The clock's part in scheduled imports: look where it is time, take each file once, put away what is done."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers import outbound
from app.customers.importing import rights, sources
from app.customers.importing.bounds import BOUNDS
from app.customers.importing.models import DataImport, ImportSchedule, SeenFile
from app.customers.importing.operations import begin_check, receive
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.errors import LightlineError
from app.kernel.registry import registry
from app.notify import operations as notices

JOB = "customers.import.look"
_FINAL = ("done", "refused", "failed", "cancelled")


@registry.sweep("customers.imports", every=timedelta(seconds=20))
def plan_looks(now: datetime) -> int:
    """A job for each schedule whose time has come."""
    return db.run(lambda: _plan(now))


def _plan(now: datetime) -> int:
    query = sa.select(ImportSchedule).where(ImportSchedule.active, ImportSchedule.next_at <= now)
    due = session.scalars(query.with_for_update(skip_locked=True)).all()
    for row in due:
        payload = {"schedule": row.id}
        jobs.enqueue(JOB, payload, now=now, key=f"import-look:{row.id}:{row.next_at.isoformat()}")
        row.next_at = now + timedelta(minutes=row.every_minutes)
    return len(due)


def look(payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Take what is there, each file in a transaction of its own; what went wrong is the answer."""
    row = session.get(ImportSchedule, int(payload["schedule"]))
    if row is None or not row.active:
        return {}
    kind, location, pattern, token = row.kind, row.location, row.pattern, row.token_name
    schedule = row.id
    session.rollback()
    try:
        if kind == "folder":
            folder = sources.folder_of(location)
            for found in sources.waiting(folder, pattern, now=now):
                _take(schedule, found.path, found.path.name, found.mark, now)
            _put_away(schedule, folder)
        else:
            _take_address(schedule, location, token, now)
    except (LightlineError, outbound.CallFailed, OSError) as exc:
        session.rollback()
        return {"error": str(exc)[:500]}
    return {"error": ""}


@registry.job(JOB, max_attempts=3, effect=look)
def note_look(payload: Mapping[str, Any], now: datetime) -> None:
    """Note how the look went; the owner hears of the first failure after a success."""
    row, found = session.get(ImportSchedule, int(payload["schedule"])), payload["effect"]
    if row is None or not found:
        return
    row.looked_at, row.error = now, found["error"]
    row.failures = row.failures + 1 if found["error"] else 0
    if row.failures == 1 and row.owner_id is not None:
        text = _l("The scheduled import %(name)s cannot get its files: %(error)s", name=row.name, error=row.error)
        notices.notify_users([row.owner_id], kind="import", text=text, link="/imports/schedules", actor=SYSTEM, now=now)


def _take_address(schedule: int, url: str, token: str, now: datetime) -> None:
    name = PurePosixPath(unquote(urlsplit(url).path)).name or "import.csv"
    if PurePosixPath(name).suffix.lower() not in {".csv", ".txt", ".xlsx"}:
        name += ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "content"
        with path.open("wb") as target:
            outbound.fetch(url, target, token_name=token, limit=BOUNDS.file_bytes)
        _take(schedule, path, name, sources.content_mark(path), now)


def _take(schedule: int, path: Path, name: str, mark: str, now: datetime) -> None:
    """Make an import of a file unless it was taken before; a file that is refused at the door is noted too."""
    try:
        db.run(lambda: _receive(schedule, path, name, mark, now))
    except LightlineError as refused:
        reason = str(refused)
        db.run(lambda: _note_refused(schedule, name, mark, reason, now))


def _receive(schedule: int, path: Path, name: str, mark: str, now: datetime) -> None:
    row = session.get_one(ImportSchedule, schedule)
    if _seen(schedule, mark):
        return
    actor = rights.person(row.owner_id)
    with path.open("rb") as stream:
        made = receive(
            stream, name, profile_id=row.profile_id, schedule_id=schedule, at_once=True, actor=actor, now=now
        )
    begin_check(made.id, actor=actor, now=now)
    session.add(SeenFile(schedule_id=schedule, mark=mark, name=name[:255], import_id=made.id, at=now))


def _note_refused(schedule: int, name: str, mark: str, reason: str, now: datetime) -> None:
    row = session.get_one(ImportSchedule, schedule)
    if _seen(schedule, mark):
        return
    session.add(SeenFile(schedule_id=schedule, mark=mark, name=name[:255], at=now))
    if row.owner_id is not None:
        text = _l("%(file)s was not taken: %(reason)s", file=name, reason=reason)
        notices.notify_users([row.owner_id], kind="import", text=text, link="/imports", actor=SYSTEM, now=now)


def _seen(schedule: int, mark: str) -> bool:
    query = sa.select(SeenFile.id).where(SeenFile.schedule_id == schedule, SeenFile.mark == mark)
    return session.scalars(query).first() is not None


def _put_away(schedule: int, folder: Path) -> None:
    """Move files whose import has come to an end; a file that comes back after a correction is another file."""
    query = (
        sa.select(SeenFile, DataImport.state)
        .outerjoin(DataImport, DataImport.id == SeenFile.import_id)
        .where(SeenFile.schedule_id == schedule, SeenFile.moved.is_(False))
    )
    ended = [(seen.id, seen.name, state) for seen, state in session.execute(query) if state in {None, *_FINAL}]
    session.rollback()
    for seen_id, name, state in ended:
        sources.put_away(folder, name, good=state == "done")
        statement = sa.update(SeenFile).where(SeenFile.id == seen_id).values(moved=True)
        db.run(lambda statement=statement: session.execute(statement))  # type: ignore[misc]
