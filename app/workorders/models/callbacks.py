"""Calls back to the customer (回访): one row an attempt."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Callback(Base):
    """`result` is a code of kind `callback_result`; `satisfaction` one of kind `satisfaction` when answered."""

    __tablename__ = "order_callback"
    __table_args__ = (sa.UniqueConstraint("order_id", "round", "attempt"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"))
    round: Mapped[int] = mapped_column(default=1)
    attempt: Mapped[int]
    way: Mapped[str] = mapped_column(sa.String(20), default="phone")
    result: Mapped[str] = mapped_column(sa.String(40))
    satisfaction: Mapped[str] = mapped_column(sa.String(20), default="")
    opinion: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
