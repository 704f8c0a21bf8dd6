"""Writing down what somebody did to an instance or a task."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.engine.runtime.models import Instance, OperationLog
from app.kernel import audit, db
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


def intervened(operation: str, instance: Instance, *, actor: Actor, now: datetime, details: dict[str, Any]) -> None:
    """Add a row to the operation log and to the audit trail, which names variables (`data`) without their values."""
    record(operation, instance_id=instance.id, actor=actor, now=now, details=details)
    told = {name: value for name, value in details.items() if name != "data"}
    if details.get("data"):
        told["variables"] = sorted(details["data"])
    audit.record(
        f"instance.{operation}", actor=actor, now=now, subject_type="instance", subject_id=instance.id,
        unit_path=instance.unit_path, details=told,
    )  # fmt: skip
