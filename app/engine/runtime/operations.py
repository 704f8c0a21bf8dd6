"""Writing down what somebody did to an instance or a task."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.engine.runtime.models import OperationLog
from app.kernel.actor import Actor
from app.kernel.db import session


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
    session.add(
        OperationLog(
            instance_id=instance_id,
            task_id=task_id,
            operation=operation,
            actor=actor.ref,
            at=now,
            details=details or {},
        )
    )
