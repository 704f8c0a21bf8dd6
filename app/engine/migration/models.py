"""The record of migrations: what was asked, and for each instance what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.kernel.db import Base, new_id


class Migration(Base):
    """One migration of instances from a version of a process to another; `mapping` renames elements."""

    __tablename__ = "migration"
    __table_args__ = (sa.CheckConstraint("state in ('running', 'done')", name="state"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=new_id)
    process_key: Mapped[str] = mapped_column(sa.String(100), index=True)
    source_id: Mapped[str] = mapped_column(sa.ForeignKey("definition.id"))
    target_id: Mapped[str] = mapped_column(sa.ForeignKey("definition.id"))
    source_version: Mapped[int]
    target_version: Mapped[int]
    mapping: Mapped[dict[str, Any]]
    confirmed: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.String(500))
    state: Mapped[str] = mapped_column(sa.String(8), default="running")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(100))
    finished_at: Mapped[datetime | None]


class MigrationItem(Base):
    """One instance of a migration.

    `before` is its state as it was, `revision` the instance's revision when it had moved:
    as long as that stands, nothing has happened since and the way back is open.
    """

    __tablename__ = "migration_item"
    __table_args__ = (
        sa.CheckConstraint("state in ('pending', 'moved', 'refused', 'reverted')", name="state"),
        sa.Index("ix_migration_item_state", "migration_id", "state", "instance_id"),
    )

    migration_id: Mapped[str] = mapped_column(sa.ForeignKey("migration.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"), primary_key=True, index=True)
    state: Mapped[str] = mapped_column(sa.String(8), default="pending")
    findings: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    revision: Mapped[int | None]
    done_at: Mapped[datetime | None]
    before: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
