"""The job that moves a migration's instances, some at a time; it asks for the next batch as it ends one.

Each instance moves in a savepoint of its own: one that breaks is refused with the reason
and stops no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog

from app.engine.migration.judgement import REFUSED
from app.engine.migration.models import Migration, MigrationItem
from app.engine.migration.operations import JOB, move_item
from app.engine.migration.queries import get_migration
from app.engine.runtime.run.services import unpack_actor
from app.kernel import db, jobs, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.registry import registry

log = structlog.get_logger(__name__)

BATCH = 20
"""Instances in one transaction: few enough that nobody waits long for the writer."""


@registry.job(JOB)
def migrate(payload: Mapping[str, Any], now: datetime) -> None:
    """Move a batch, and enqueue the next where some are left."""
    if move_batch(payload["migration"], actor=unpack_actor(payload["actor"]), now=now, limit=BATCH):
        jobs.enqueue(JOB, payload, now=now)


def move_batch(migration_id: str, *, actor: Actor, now: datetime, limit: int = BATCH) -> bool:
    """Move up to `limit` instances; returns whether some are left. Raises `MigrationNotFound`."""
    migration = get_migration(migration_id)
    pending = (
        sa.select(MigrationItem.instance_id)
        .where(MigrationItem.migration_id == migration_id, MigrationItem.state == "pending")
        .order_by(MigrationItem.instance_id)
    )
    for instance_id in session.scalars(pending.limit(limit)).all():
        try:
            with session.begin_nested():
                move_item(migration, instance_id, actor=actor, now=now)
        except Exception as exc:
            if db.is_conflict(exc):
                raise
            log.error("an instance could not move", instance=instance_id, error=repr(exc), exc_info=True)
            _refuse(migration_id, instance_id, str(exc), now)
    session.flush()
    live.touch(f"migration:{migration_id}")
    left = session.scalar(pending.limit(1)) is not None
    if not left:
        row = session.get_one(Migration, migration_id)
        row.state, row.finished_at = "done", row.finished_at or now
    return left


def _refuse(migration_id: str, instance_id: str, error: str, now: datetime) -> None:
    item = session.get_one(MigrationItem, (migration_id, instance_id))
    item.state, item.done_at = "refused", now
    item.findings = [
        {"weight": REFUSED, "code": "failed", "element_id": "", "name": error[:300], "name_en": error[:300]}
    ]
