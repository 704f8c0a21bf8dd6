"""Requests already turned into orders: what makes a repeated submission the same order, not a second one."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OrderRequest(Base):
    """`source` is who sent it (a sign-in name), `key` the sender's own word for it.

    `fingerprint` is the SHA-256 of what was asked for, so that one key for two contents is refused.
    """

    __tablename__ = "order_request"
    __table_args__ = (sa.UniqueConstraint("source", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(sa.String(100))
    key: Mapped[str] = mapped_column(sa.String(120))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    at: Mapped[datetime]
