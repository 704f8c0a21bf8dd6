"""The record of retries: what was asked, and what became of each incident."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, new_id


class Retry(Base):
    """One act of trying several incidents again."""

    __tablename__ = "incident_retry"
    __table_args__ = (sa.CheckConstraint("state in ('running', 'done')", name="state"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=new_id)
    reason: Mapped[str] = mapped_column(sa.String(500))
    state: Mapped[str] = mapped_column(sa.String(8), default="running")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(100))
    finished_at: Mapped[datetime | None]


class RetryItem(Base):
    """One incident of it: `failed` again, `resolved`, or `skipped` because nothing was left to try."""

    __tablename__ = "incident_retry_item"
    __table_args__ = (
        sa.CheckConstraint("state in ('pending', 'resolved', 'failed', 'skipped')", name="state"),
        sa.Index("ix_incident_retry_item_state", "retry_id", "state", "incident_id"),
    )

    retry_id: Mapped[str] = mapped_column(sa.ForeignKey("incident_retry.id"), primary_key=True)
    incident_id: Mapped[str] = mapped_column(
        sa.ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    state: Mapped[str] = mapped_column(sa.String(8), default="pending")
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    done_at: Mapped[datetime | None]
