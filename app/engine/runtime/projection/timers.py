"""Rows of waiting timers."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from app.engine.elements.waits import Wait
from app.engine.runtime.models import Timer
from app.engine.runtime.projection.waiting import element_of_key, token_of
from app.engine.runtime.run.active import Run
from app.kernel import db

_TIMER = db.table(Timer)
_ADD = sa.insert(_TIMER)
_DELETE = sa.delete(_TIMER).where(
    _TIMER.c.instance_id == sa.bindparam("instance"),
    _TIMER.c.token == sa.bindparam("gone"),
    _TIMER.c.element_id == sa.bindparam("element"),
)


def project(run: Run, now_waiting: Mapping[str, Wait]) -> None:
    """Make the rows equal to what is waited for."""
    before = set(run.envelope.timers)
    gone = sorted({(token_of(key), element_of_key(key)) for key in before - now_waiting.keys()})
    added = [_row(run, wait) for key, wait in now_waiting.items() if key not in before]
    if gone:
        mine = run.instance.id
        db.write(_DELETE, [{"instance": mine, "gone": token, "element": element} for token, element in gone])
    if added:
        db.write(_ADD, added)
    run.envelope.timers = list(now_waiting)


def _row(run: Run, wait: Wait) -> dict[str, object]:
    return {
        "instance_id": run.instance.id,
        "token": wait.task_id,
        "element_id": wait.element_id,
        "due_at": wait.due_at,
        "run_at": wait.due_at,
    }
