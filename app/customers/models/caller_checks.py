"""Attempts of callers to prove who they are, and of customers to change their query password."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class CallerCheck(Base):
    """One attempt (身份核验). Rows are only added; what was typed is never kept.

    `method` is `password` or `identity` (last four digits), `outcome` `passed`, `failed`, `locked` (not looked
    at, because too many failed before) or `unset` (the account has nothing to compare with); `call_ref` names
    the call, `phone` who called.
    """

    __tablename__ = "caller_check"
    __table_args__ = (
        sa.Index("ix_caller_check_account", "account_no", "at"),
        sa.Index("ix_caller_check_phone", "phone", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_no: Mapped[str] = mapped_column(sa.String(32))
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    method: Mapped[str] = mapped_column(sa.String(20))
    outcome: Mapped[str] = mapped_column(sa.String(20))
    call_ref: Mapped[str] = mapped_column(sa.String(80), default="")
