"""Cutting off for arrears (欠费停电): one row for each time a customer is given notice."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

OPEN_NOTICE = ("begun", "noticed", "reminded", "approved", "cut", "restoring")
"""States of a notice that is not over."""


class CutOffNotice(Base):
    """States: `begun`, `noticed`, `reminded`, `approved`, `cut`, `restoring`, `restored`; or, without a cut,
    `paid`, `withdrawn`, `exempt`. `arrears` is what was owed when notice was given (yuan, late fee included).
    """

    __tablename__ = "cut_off_notice"
    __table_args__ = (
        sa.Index("ix_cut_off_notice_customer", "customer_id", "state"),
        sa.Index("ix_cut_off_notice_scope", "unit_path", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[str] = mapped_column(sa.String(20), default="begun")
    arrears: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2))
    instance_id: Mapped[str | None] = mapped_column(sa.String(36))
    begun_by: Mapped[str] = mapped_column(sa.String(80))
    begun_at: Mapped[datetime]
    noticed_at: Mapped[datetime | None]
    cut_from: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    approved_by: Mapped[str] = mapped_column(sa.String(80), default="")
    approved_at: Mapped[datetime | None]
    cut_at: Mapped[datetime | None]
    cut_by: Mapped[str] = mapped_column(sa.String(80), default="")
    paid_at: Mapped[datetime | None]
    restore_due: Mapped[datetime | None]
    restored_at: Mapped[datetime | None]
    restored_by: Mapped[str] = mapped_column(sa.String(80), default="")
    reason: Mapped[str] = mapped_column(sa.String(300), default="")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)
