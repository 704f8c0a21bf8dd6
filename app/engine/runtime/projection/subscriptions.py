"""Rows of awaited messages and signals."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from app.engine.elements.waits import Wait
from app.engine.runtime.correlation import normal
from app.engine.runtime.models import Subscription
from app.engine.runtime.run.active import Run
from app.kernel.db import session


def project(run: Run, now_waiting: Mapping[str, Wait]) -> list[Subscription]:
    """Make the rows equal to what is waited for; returns the new ones."""
    before = set(run.envelope.subscriptions)
    _delete(run, before - now_waiting.keys())
    added = [_row(run, key, wait) for key, wait in now_waiting.items() if key not in before]
    session.add_all(added)
    run.envelope.subscriptions = list(now_waiting)
    return added


def _row(run: Run, key: str, wait: Wait) -> Subscription:
    correlation = wait.correlation
    if wait.kind == "message" and not correlation and run.instance.business_key is not None:
        correlation = {"business_key": run.instance.business_key}
    return Subscription(
        instance_id=run.instance.id,
        key=key,
        kind=wait.kind,
        name=wait.name,
        element_id=wait.element_id,
        correlation=normal(correlation),
    )


def _delete(run: Run, keys: set[str]) -> None:
    if keys:
        mine = Subscription.instance_id == run.instance.id
        statement = sa.delete(Subscription).where(mine, Subscription.key.in_(sorted(keys)))
        session.execute(statement, execution_options={"synchronize_session": False})
