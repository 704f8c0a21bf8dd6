"""What indices of reliability are computed from: interruptions, and how many customers are served. Both derived."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OutageInterruption(Base):
    """Customers of an outage who lost supply and got it back at the same instants (停电区段); see `indices`.

    Rows are made anew from `outage_customer` whenever the outage changes. `day` is the local day of `out_at`,
    `minutes` how long it lasted (None while it lasts), `customers` how many accounts, `transformers` how many
    customers at 10 kV, `members` the accounts' ids (`indices.counting.packed`).
    """

    __tablename__ = "outage_interruption"
    __table_args__ = (
        sa.Index("ix_outage_interruption_outage", "outage_id"),
        sa.Index("ix_outage_interruption_day", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outage.id"))
    day: Mapped[date]
    out_at: Mapped[datetime]
    restored_at: Mapped[datetime | None]
    minutes: Mapped[float | None]
    customers: Mapped[int]
    transformers: Mapped[int] = mapped_column(default=0)
    members: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


class ServedCount(Base):
    """How many customers a feeder of a unit served in a month (`month`: its first day), as last counted in it.

    `households` are accounts, `transformers` customers at 10 kV. Accounts without a place in the grid stand
    under the feeder "".
    """

    __tablename__ = "outage_served"
    __table_args__ = (
        sa.UniqueConstraint("month", "unit_code", "feeder_code"),
        sa.Index("ix_outage_served_scope", "month", "unit_path"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    feeder_code: Mapped[str] = mapped_column(sa.String(64), default="")
    feeder_name: Mapped[str] = mapped_column(sa.String(120), default="")
    feeder_name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    households: Mapped[int]
    transformers: Mapped[int]
    counted_at: Mapped[datetime]
