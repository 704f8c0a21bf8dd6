"""Storm mode (大面积停电应急): an area in which many outages are handled as one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

RUNNING = "state IN ('proposed', 'active')"
"""SQL: a storm proposed or going on, in the words of the partial index."""


class OutageStorm(Base):
    """A storm of a unit and all below it: proposed, active, ended or declined. At most one a unit is not over.

    `facts` are the counts that led to the proposal, `summary` what was counted at the end.
    """

    __tablename__ = "outage_storm"
    __table_args__ = (
        sa.Index(
            "ux_outage_storm_running",
            "unit_code",
            unique=True,
            sqlite_where=sa.text(RUNNING),
            postgresql_where=sa.text(RUNNING),
        ),
        sa.Index("ix_outage_storm_scope", "unit_path", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    name: Mapped[str] = mapped_column(sa.String(80), default="")
    state: Mapped[str] = mapped_column(sa.String(10))
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(sa.String(80))
    began_at: Mapped[datetime | None]
    began_by: Mapped[str] = mapped_column(sa.String(80), default="")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(sa.String(80), default="")
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    greeting: Mapped[str] = mapped_column(sa.String(300), default="")
    greeting_en: Mapped[str] = mapped_column(sa.String(300), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    instance_id: Mapped[str | None] = mapped_column(sa.String(36))

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)
