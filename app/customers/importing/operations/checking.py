"""The dry run: every row is read and judged, nothing of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.customers.importing import find, rights, targets, topics
from app.customers.importing.bounds import BOUNDS
from app.customers.importing.models import DataImport, ImportProblem
from app.customers.importing.operations.errors import in_both_languages
from app.customers.importing.operations.finishing import tell
from app.customers.importing.operations.passing import RECORDS_BETWEEN_NEWS, Pass
from app.customers.importing.operations.writing import begin_writing_at_once
from app.kernel import db, jobs, live
from app.kernel.actor import Actor
from app.kernel.db import session, table, write
from app.kernel.errors import LightlineError
from app.kernel.registry import registry

JOB = "customers.import.check"


def begin_check(import_id: int, *, actor: Actor, now: datetime) -> None:
    """Let the file be checked by a job; also again, after its profile or the data have changed."""
    row = find.in_state(import_id, "new", "checked", "refused")
    rights.require(actor, permission=targets.get(row.target).permission, now=now)
    rights.require_import(row, actor=actor, now=now)
    row.state, row.error, row.checked_at = "checking", None, None
    row.rows = row.read = row.good = row.bad = 0
    session.execute(sa.delete(ImportProblem).where(ImportProblem.import_id == import_id))
    session.flush()
    jobs.enqueue(JOB, {"import": import_id}, now=now, key=f"import-check:{import_id}:{row.revision}")
    live.touch(topics.of_import(import_id), topics.LIST)


def _look(payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The pass itself, outside the job's transaction: no lock is held while a large file is read."""
    import_id = int(payload["import"])
    row = session.get(DataImport, import_id)
    if row is None or row.state != "checking":
        return {}
    try:
        return _pass(Pass(row, now=now), import_id)
    except LightlineError as refused:
        return {"error": in_both_languages(refused)}
    finally:
        session.rollback()


def _pass(work: Pass, import_id: int) -> dict[str, Any]:
    rows = bad = told = 0
    problems: list[dict[str, Any]] = []
    for records in work.batches():
        work.writer.judge(records)
        rows += len(records)
        for record in records:
            if record.problems:
                bad += 1
                problems += work.problems_of(record)[: BOUNDS.problems - len(problems)]
        session.rollback()  # ends the reading transaction of this batch
        if rows - told >= RECORDS_BETWEEN_NEWS:
            told = rows
            db.run(lambda seen=rows: _note_progress(import_id, seen))  # type: ignore[misc]
    described = {**work.table.described, "header": work.plan.headers}
    return {"rows": rows, "bad": bad, "problems": problems, "described": described}


def _note_progress(import_id: int, seen: int) -> None:
    session.execute(sa.update(DataImport).where(DataImport.id == import_id).values(read=seen))
    live.touch(topics.of_import(import_id))


@registry.job(JOB, max_attempts=3, effect=_look)
def keep_check(payload: Mapping[str, Any], now: datetime) -> None:
    """Keep what the check found; an import that was to be written at once goes on."""
    found, row = payload["effect"], session.get(DataImport, int(payload["import"]))
    if row is None or row.state != "checking" or not found:
        return
    row.rows = row.read = int(found.get("rows", 0))
    row.bad = int(found.get("bad", 0))
    row.good = row.rows - row.bad
    row.described = found.get("described", {})
    row.error = found.get("error")
    row.checked_at = now
    row.state = "refused" if row.error or row.bad or not row.rows else "checked"
    keep_problems(row.id, found.get("problems", ()))
    live.touch(topics.of_import(row.id), topics.LIST)
    session.flush()
    if row.state == "checked" and row.at_once:
        begin_writing_at_once(row, now=now)
    elif row.schedule_id is not None:
        tell(row, now=now)


def keep_problems(import_id: int, problems: Any) -> None:
    """Add rows of `import_problem`."""
    rows = [problem | {"import_id": import_id} for problem in problems]
    if rows:
        write(sa.insert(table(ImportProblem)), rows)
