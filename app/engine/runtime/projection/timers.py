"""Rows of waiting timers."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from app.engine.elements.waits import Wait
from app.engine.runtime.models import Timer
from app.engine.runtime.projection.waiting import token_of
from app.engine.runtime.run.active import Run
from app.kernel.db import session


def project(run: Run, now_waiting: Mapping[str, Wait]) -> None:
    """Make the rows equal to what is waited for."""
    before = set(run.envelope.timers)
    _delete(run, {token_of(key) for key in before - now_waiting.keys()})
    session.add_all(
        Timer(
            instance_id=run.instance.id,
            token=wait.task_id,
            element_id=wait.element_id,
            due_at=wait.due_at,
            run_at=wait.due_at,
        )
        for key, wait in now_waiting.items()
        if key not in before
    )
    run.envelope.timers = list(now_waiting)


def _delete(run: Run, tokens: set[str]) -> None:
    if tokens:
        statement = sa.delete(Timer).where(Timer.instance_id == run.instance.id, Timer.token.in_(sorted(tokens)))
        session.execute(statement, execution_options={"synchronize_session": False})
