"""The table of decisions that were made. Rows are only added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Json


class DecisionHistory(Base):
    """One evaluation of a deployed decision: which rules (id and number) turned which inputs into which result."""

    __tablename__ = "decision_history"
    __table_args__ = (sa.Index("ix_decision_history_decision", "decision_key", "at"),)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    decision_key: Mapped[str] = mapped_column(sa.String(255))
    version: Mapped[int]
    definition_id: Mapped[str] = mapped_column(sa.String(36))
    instance_id: Mapped[str | None] = mapped_column(sa.String(36), index=True)
    element_id: Mapped[str | None] = mapped_column(sa.String(150))
    inputs: Mapped[dict[str, Any]]
    result: Mapped[Any] = mapped_column(Json)
    rules: Mapped[list[Any]]
    at: Mapped[datetime]
