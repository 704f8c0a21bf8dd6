"""Orders that a department took over from a unit (提级办理), and gave back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OrderTakeover(Base):
    """`held` are the tasks as they were: id and assignee (null: their candidates'), for handing back."""

    __tablename__ = "supervision_takeover"
    __table_args__ = (
        sa.Index(
            "ux_supervision_takeover_open",
            "order_id",
            unique=True,
            sqlite_where=sa.text("returned_at IS NULL"),
            postgresql_where=sa.text("returned_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    order_number: Mapped[str] = mapped_column(sa.String(32), index=True)
    user_id: Mapped[int]
    by: Mapped[str] = mapped_column(sa.String(80))
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    held: Mapped[list[Any]] = mapped_column(default=list)
    returned_by: Mapped[str] = mapped_column(sa.String(80), default="")
    returned_note: Mapped[str] = mapped_column(sa.Text, default="")
    returned_at: Mapped[datetime | None]
