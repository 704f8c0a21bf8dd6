"""The table of outbox jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, new_id

STATES = ("pending", "leased", "done", "dead")


class Job(Base):
    """One effect to bring about.

    `pending` waits for `run_at`; `leased` is being worked on by `lease_owner` until
    `lease_until`; `done` and `dead` (given up, `error` says why) are final, though a dead
    job can be retried by hand. `attempts` counts starts. `key` makes an effect unique.
    """

    __tablename__ = "job"
    __table_args__ = (
        sa.CheckConstraint("state in ('pending', 'leased', 'done', 'dead')", name="state"),
        sa.Index("ix_job_state_run_at", "state", "run_at", "id"),
        sa.Index("ix_job_state_lease_until", "state", "lease_until"),
        sa.Index("ix_job_state_finished_at", "state", "finished_at"),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(sa.String(100))
    key: Mapped[str | None] = mapped_column(sa.String(250), unique=True)
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(sa.String(10), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(sa.String(80))
    error: Mapped[str | None] = mapped_column(sa.Text)
    correlation_id: Mapped[str | None] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
