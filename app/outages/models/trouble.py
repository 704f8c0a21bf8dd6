"""Trouble calls (停电报告): every fault order, web or API report and meter signal that says somebody is out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

WAITING = "state IN ('open', 'attached')"
"""SQL: to be located or in an outage, in the words of the partial index."""

BY_HAND = "placed_by = 'hand'"
"""SQL: placed by a dispatcher; few are, so that they are found at once."""


class TroubleCall(Base):
    """One report. `key` names it for its sender: sent again it changes nothing.

    `state` is open (waits to be located), attached (to `outage_id`), screened (answered without an outage:
    `screening` says why) or closed (its outage is over, or its order was cancelled). `suspect` calls (a
    storm of pranks from one number) are kept and shown and count for nothing. `placed_by` is `rule`, or
    `hand` once a dispatcher moved the call: prediction leaves it where it is.

    `device_at` is what the sender's clock said, `received_at` when the report came here, `reported_at` the
    corrected instant that rules use.
    """

    __tablename__ = "trouble_call"
    __table_args__ = (
        sa.Index("ix_trouble_call_outage", "outage_id", "id"),
        sa.Index("ix_trouble_call_order", "order_id"),
        sa.Index("ix_trouble_call_customer", "customer_id", "reported_at"),
        sa.Index("ix_trouble_call_phone", "phone", "received_at"),
        sa.Index("ix_trouble_call_received", "received_at"),
        sa.Index(
            "ix_trouble_call_waiting",
            "feeder_code",
            "zone",
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        ),
        sa.Index(
            "ix_trouble_call_by_hand",
            "outage_id",
            sqlite_where=sa.text(BY_HAND),
            postgresql_where=sa.text(BY_HAND),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    source: Mapped[str] = mapped_column(sa.String(10))
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_order.id"))
    order_number: Mapped[str] = mapped_column(sa.String(32), default="")
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"))
    account_no: Mapped[str] = mapped_column(sa.String(32), default="")
    phone: Mapped[str] = mapped_column(sa.String(32), default="")
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    zone: Mapped[str] = mapped_column(sa.String(40), default="")
    transformer_code: Mapped[str] = mapped_column(sa.String(64), default="")
    feeder_code: Mapped[str] = mapped_column(sa.String(64), default="")
    unit_code: Mapped[str] = mapped_column(sa.String(40), default="")
    unit_path: Mapped[str] = mapped_column(sa.String(200), default="")
    reported_at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    screening: Mapped[str] = mapped_column(sa.String(30), default="")
    screening_facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outage_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outage.id"))
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    placed_by: Mapped[str] = mapped_column(sa.String(10), default="rule")
    suspect: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)
