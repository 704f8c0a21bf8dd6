"""How long records of calls, recordings and queues are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.kernel.db import session
from app.kernel.files import StoredFile
from app.kernel.retention.kinds import define, standard
from app.kernel.retention.plan import Plan
from app.telephony.calls.models import AgentChange, Call, CallLeg, CallRecording, CallStep, QueueVisit


def register() -> None:
    """Define the kinds."""
    entries = standard(Path(__file__).with_name("retention.yaml"))
    define("call", entries["call"], expired=_old_calls, remove=_delete_calls)
    define("call_recording", entries["call_recording"], expired=_old_recordings, remove=_delete_recordings)
    define("queue_record", entries["queue_record"], expired=_old_visits, remove=_delete_visits)


def _old_calls(plan: Plan) -> sa.Select[Any]:
    return sa.select(Call.id).where(plan.over(Call.ended_at))


def _delete_calls(keys: Sequence[int]) -> int:
    _run(sa.update(CallRecording).where(CallRecording.call_id.in_(keys)).values(call_id=None))
    for model in (CallStep, CallLeg):
        _run(sa.delete(model).where(model.call_id.in_(keys)))
    return _run(sa.delete(Call).where(Call.id.in_(keys)))


def _old_recordings(plan: Plan) -> sa.Select[Any]:
    return sa.select(CallRecording.id).where(plan.over(CallRecording.at))


def _delete_recordings(keys: Sequence[int]) -> int:
    files = session.scalars(sa.select(CallRecording.file_id).where(CallRecording.id.in_(keys))).all()
    removed = _run(sa.delete(CallRecording).where(CallRecording.id.in_(keys)))
    for file_id in {file for file in files if file is not None}:
        try:  # the content goes with its row, unless an order or a mailbox still holds it
            with session.begin_nested():
                _run(sa.delete(StoredFile).where(StoredFile.id == file_id))
        except IntegrityError:
            continue
    return removed


def _old_visits(plan: Plan) -> sa.Select[Any]:
    return sa.select(QueueVisit.id).where(plan.over(QueueVisit.joined_at))


def _delete_visits(keys: Sequence[int]) -> int:
    """Visits, and what agents did before the last of them."""
    until = session.scalar(sa.select(sa.func.max(QueueVisit.joined_at)).where(QueueVisit.id.in_(keys)))
    if until is not None:
        latest = sa.select(sa.func.max(AgentChange.id)).group_by(AgentChange.agent, AgentChange.what)
        _run(sa.delete(AgentChange).where(AgentChange.at <= until, AgentChange.id.not_in(latest)))
    return _run(sa.delete(QueueVisit).where(QueueVisit.id.in_(keys)))


def _run(statement: Any) -> int:
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)
