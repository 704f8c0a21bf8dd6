"""Personal service: how a customer wants to be reached, and what staff noted about them."""

from __future__ import annotations

from datetime import datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class CustomerSetting(Base):
    """A customer's own wishes; a customer without a row has the standard. Quiet hours are local times."""

    __tablename__ = "customer_setting"

    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(sa.String(5), default="zh")
    channels: Mapped[list[str]] = mapped_column(default=list)
    quiet_from: Mapped[time | None]
    quiet_to: Mapped[time | None]
    preferred_contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"))
    paper_bill: Mapped[bool] = mapped_column(default=False)
    do_not_call: Mapped[bool] = mapped_column(default=False)
    wishes: Mapped[str] = mapped_column(sa.Text, default="")
    updated_at: Mapped[datetime]
    updated_by: Mapped[str] = mapped_column(sa.String(80))

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)


class CustomerNote(Base):
    """What somebody noted about a customer: a `note` for colleagues, or a `wish` the customer spoke of."""

    __tablename__ = "customer_note"
    __table_args__ = (sa.Index("ix_customer_note_customer", "customer_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    kind: Mapped[str] = mapped_column(sa.String(20), default="note")
    text: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[str] = mapped_column(sa.String(80))
    by_name: Mapped[str] = mapped_column(sa.String(100), default="")
    at: Mapped[datetime]
