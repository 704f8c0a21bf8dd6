"""Who and what an outage covers. The two partial unique indexes are the promise of the whole package."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OutageCustomer(Base):
    """A customer of an outage; `active` while out (or believed so). At most one active row a customer.

    Written by `outages.operations.members` with one INSERT … SELECT for a whole group. A customer who was
    restored and lost supply again within the same outage has a second row.
    """

    __tablename__ = "outage_customer"
    __table_args__ = (
        sa.Index("ix_outage_customer_outage", "outage_id", "transformer_code"),
        sa.Index("ix_outage_customer_customer", "customer_id", "out_at"),
        sa.Index(
            "ux_outage_customer_active",
            "customer_id",
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outage.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    transformer_code: Mapped[str] = mapped_column(sa.String(64), default="")
    out_at: Mapped[datetime]
    restored_at: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)


class OutageDevice(Base):
    """A transformer (or the failed device itself) that an outage covers; at most one active row a device."""

    __tablename__ = "outage_device"
    __table_args__ = (
        sa.Index("ix_outage_device_outage", "outage_id"),
        sa.Index(
            "ux_outage_device_active",
            "device_code",
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outage.id"))
    device_code: Mapped[str] = mapped_column(sa.String(64))
    active: Mapped[bool] = mapped_column(default=True)
