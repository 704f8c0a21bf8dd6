"""What happened to an order: its timestamps (时间戳) and the sentences of its time-line. Both only grow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OrderStamp(Base):
    """One timestamp of one round of an order; a reopened order begins a new round.

    `at` is the server's time and rises within a round, `device_at` what the phone said.
    `lat`, `lon` are WGS 84 degrees, `accuracy` metres.
    """

    __tablename__ = "order_stamp"
    __table_args__ = (sa.UniqueConstraint("order_id", "round", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"))
    round: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy: Mapped[float | None]
    photos: Mapped[list[Any]] = mapped_column(default=list)
    by: Mapped[str] = mapped_column(sa.String(80))


class OrderEvent(Base):
    """One sentence of the time-line: `kind` chooses the words (`workorders.sentences`), `params` fill them."""

    __tablename__ = "order_event"
    __table_args__ = (sa.Index("ix_order_event_order", "order_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    actor: Mapped[str] = mapped_column(sa.String(80))
    actor_name: Mapped[str] = mapped_column(sa.String(80), default="")
    at: Mapped[datetime]
