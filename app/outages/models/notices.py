"""Notices of outages (停电信息): what was said when, to whom, by which way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OutageNotice(Base):
    """One text about one outage, in both languages, never changed once entered.

    `kind` is the kind of notice (计划 planned, 临时 temporary, 电网故障 grid_fault, 超供电能力 shortage, 窃电 theft,
    违约用电 breach, 欠费 arrears, 有序用电 orderly), `occasion` why it was written: confirmed, etr, progress, restored,
    announced, reminder, changed, extended, cancelled. `state` is draft (a person releases it), entered or dropped.
    `due_at` is the last instant of entry. `facts` are the fields of the trade: substation, line, transformer, range,
    area, cause, type, start, end, unit. `tell` says that customers are told one by one (`outage_told`);
    `recipients` is how many, `cursor` how far telling has come (None: done). `stopped_at` is when a later notice
    overtook it, or the outage was found to be none: whoever was not told by then is not told. `rest_of` is the
    first of the notices that it overtook in the middle, where it tells only those whom these did not reach.
    """

    __tablename__ = "outage_notice"
    __table_args__ = (
        sa.Index("ix_outage_notice_outage", "outage_id", "id"),
        sa.Index("ix_outage_notice_draft", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outage.id"))
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(20))
    occasion: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[str] = mapped_column(sa.String(10), default="entered")
    text: Mapped[str] = mapped_column(sa.Text)
    text_en: Mapped[str] = mapped_column(sa.Text)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    tell: Mapped[bool] = mapped_column(default=True)
    purpose: Mapped[str] = mapped_column(sa.String(20), default="outage")
    recipients: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[int | None]
    stopped_at: Mapped[datetime | None]
    rest_of: Mapped[int | None]
    caused_at: Mapped[datetime]
    due_at: Mapped[datetime]
    entered_at: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(sa.String(80))
    by_name: Mapped[str] = mapped_column(sa.String(80), default="")
    warned_at: Mapped[datetime | None]
    instance_id: Mapped[str | None] = mapped_column(sa.String(36))


class OutageRecipient(Base):
    """A customer who is told about an outage: kept, so that changes and cancellations reach the same people."""

    __tablename__ = "outage_recipient"

    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outage.id"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), primary_key=True, index=True)
    transformer_code: Mapped[str] = mapped_column(sa.String(64), default="")
    added_at: Mapped[datetime]


class OutageTold(Base):
    """One notice to one customer. `state` is waiting (until `at`: quiet hours), handed (`delivery_id`), unreachable.

    A notice still waiting when a later one is entered is `overtaken`: nobody is told what no longer holds; so is
    one to somebody who has supply again. `why` says why somebody was unreachable: `no_address`, `do_not_call`,
    `no_customer`, `moved_away`, `too_late`. `tries` counts the deliveries made: where one fails the next way is
    tried, `delivery_id` is the last.
    """

    __tablename__ = "outage_told"
    __table_args__ = (
        sa.UniqueConstraint("notice_id", "customer_id"),
        sa.Index("ix_outage_told_delivery", "delivery_id"),
        sa.Index("ix_outage_told_waiting", "state", "at"),
        sa.Index("ix_outage_told_customer", "customer_id", "id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("outage_notice.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    channel: Mapped[str] = mapped_column(sa.String(20), default="")
    language: Mapped[str] = mapped_column(sa.String(5), default="zh")
    state: Mapped[str] = mapped_column(sa.String(12))
    why: Mapped[str] = mapped_column(sa.String(20), default="")
    at: Mapped[datetime]
    delivery_id: Mapped[int | None]
    tries: Mapped[int] = mapped_column(default=0)
