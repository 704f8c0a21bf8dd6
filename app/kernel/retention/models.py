"""Days that differ from the standard, and what each run of the sweep removed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class RetentionRule(Base):
    """How many days a kind is kept, of one process or ("") of all others; NULL is for ever."""

    __tablename__ = "retention_rule"
    __table_args__ = (sa.CheckConstraint("days is null or days > 0", name="days"),)

    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    process_key: Mapped[str] = mapped_column(sa.String(100), primary_key=True, default="")
    days: Mapped[int | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(sa.String(100))


class RetentionRun(Base):
    """One run of the sweep that removed something; `finished_at` is empty where its process died."""

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    removed: Mapped[dict[str, Any]]
