"""Writing down what somebody did to an instance or a task."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.engine.runtime.models import OperationLog
from app.kernel import db
from app.kernel.actor import Actor

_ADD = sa.insert(db.table(OperationLog))


def record(
    operation: str,
    *,
    instance_id: str,
    actor: Actor,
    now: datetime,
    task_id: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add a row to the operation log."""
    row = {
        "instance_id": instance_id,
        "task_id": task_id,
        "operation": operation,
        "actor": actor.ref,
        "at": now,
        "details": details or {},
    }
    db.write(_ADD, row)
