"""Rows of awaited messages and signals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.engine.elements.waits import Wait
from app.engine.runtime.correlation import normal
from app.engine.runtime.models import Subscription
from app.engine.runtime.run.active import Run
from app.kernel import db

_SUBSCRIPTION = db.table(Subscription)
_ADD = sa.insert(_SUBSCRIPTION)
_DELETE = sa.delete(_SUBSCRIPTION).where(
    _SUBSCRIPTION.c.instance_id == sa.bindparam("instance"), _SUBSCRIPTION.c.key == sa.bindparam("gone")
)


def project(run: Run, now_waiting: Mapping[str, Wait]) -> list[Subscription]:
    """Make the rows equal to what is waited for; returns the new ones, to read only."""
    before = set(run.envelope.subscriptions)
    gone = sorted(before - now_waiting.keys())
    added = [_row(run, key, wait) for key, wait in now_waiting.items() if key not in before]
    if gone:
        db.write(_DELETE, [{"instance": run.instance.id, "gone": key} for key in gone])
    if added:
        db.write(_ADD, added)
    run.envelope.subscriptions = list(now_waiting)
    return [Subscription(**row) for row in added]


def _row(run: Run, key: str, wait: Wait) -> dict[str, Any]:
    correlation = wait.correlation
    if wait.kind == "message" and not correlation and run.instance.business_key is not None:
        correlation = {"business_key": run.instance.business_key}
    return {
        "instance_id": run.instance.id,
        "key": key,
        "kind": wait.kind,
        "name": wait.name,
        "element_id": wait.element_id,
        "correlation": normal(correlation),
    }
