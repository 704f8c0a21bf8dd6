"""Write a batch of records in one transaction, by statements: twice the same batch is once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel import db, live
from app.kernel.db import Base, is_sqlite, session, table
from app.telephony.calls.models import Call, CallLeg, CallRecording, CallStep, StepCount
from app.telephony.calls.operations import queueing
from app.telephony.calls.recorder import Batch


def write(batch: Batch) -> None:
    """Write it, in a transaction of its own. A batch that was half written before is completed."""
    ids = db.run(lambda: _written(batch))
    for log, *_rest in batch.calls:
        log.id = ids[log.key]


def _written(batch: Batch) -> dict[str, int]:
    ids = {log.key: log.id for log, *_rest in batch.calls if log.id}
    ids |= _calls([{"key": log.key, **head} for log, head, *_rest in batch.calls if head])
    steps, legs, files = [], [], []
    for log, _head, new_steps, all_legs, new_files in batch.calls:
        call = ids[log.key]
        steps += [{"call_id": call, **step} for step in new_steps]
        legs += [{"call_id": call, **_whole_leg(leg)} for leg in all_legs]
        files += [{"call_id": call, "call_key": log.key, **file} for file in new_files]
    _upsert(CallStep, ("call_id", "n"), ("exit", "input", "seconds", "note"), steps)
    _upsert(CallLeg, ("call_id", "n"), ("party", "uuid", "answered_at", "ended_at", "result"), legs)
    _recordings(files)
    _count(batch)
    for event in batch.events:
        queueing.note(event)
    if batch.calls:
        live.touch("calls")
    return ids


def _recordings(rows: list[dict[str, Any]]) -> None:
    """Those that are not there yet, by where the switch writes them."""
    if rows:
        insert = (sqlite.insert if is_sqlite() else postgresql.insert)(table(CallRecording))
        once = insert.on_conflict_do_nothing(index_elements=["call_key", "path"], index_where=sa.text("path <> ''"))
        session.execute(once, rows)


def _calls(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Insert or bring up to date; ids by key."""
    if not rows:
        return {}
    columns = [column.key for column in table(Call).columns if column.key != "id"]
    blank = {"tags": {}, "direction": "in", "language": "zh", "unit_path": "/"}
    whole = [
        {name: row.get(name, blank.get(name, _default(name))) for name in columns}
        for row in sorted(rows, key=lambda row: row["key"])
    ]
    _upsert(Call, ("key",), tuple(name for name in columns if name not in {"key", "began_at"}), whole)
    keys = [row["key"] for row in rows]
    found: dict[str, int] = {}
    for start in range(0, len(keys), 500):
        part = sa.select(Call.key, Call.id).where(Call.key.in_(keys[start : start + 500]))
        found |= {key: ident for key, ident in session.execute(part)}
    return found


def _default(name: str) -> Any:
    if name.endswith("_at"):
        return None
    return 0 if name in {"waited", "talked", "steps"} else ""


def _whole_leg(leg: dict[str, Any]) -> dict[str, Any]:
    blank = {"party": "", "queue": "", "uuid": "", "answered_at": None, "ended_at": None, "result": ""}
    return {**blank, **leg}


def _count(batch: Batch) -> None:
    rows = [
        {"flow": flow, "version": version, "day": day, "node": node, "what": what, "n": n}
        for (flow, version, day, node, what), n in sorted(batch.counts.items())
    ]
    if rows:
        target = table(StepCount)
        insert = (sqlite.insert if is_sqlite() else postgresql.insert)(target)
        more = insert.on_conflict_do_update(
            index_elements=["flow", "version", "day", "node", "what"],
            set_={"n": target.c.n + insert.excluded.n},
        )
        session.execute(more, rows)


def _upsert(model: type[Base], key: tuple[str, ...], changing: Iterable[str], rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    insert = (sqlite.insert if is_sqlite() else postgresql.insert)(table(model))
    changed = {name: insert.excluded[name] for name in changing}
    session.execute(insert.on_conflict_do_update(index_elements=list(key), set_=changed), rows)
