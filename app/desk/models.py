"""Conversations, reply templates, what an agent has typed so far."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Conversation(Base):
    """One talk with a customer (一次来电、来访、网上会话), from its first word to the next one's.

    `number` is the caller's as it came, `phone` normalised. `result` is `order` (an order was taken),
    `solved` (answered at once), `reminded`, `joined`, `told` (only told how things stand) or `dropped`.
    `call_ref` is the telephone system's own id. An agent has at most one that is open.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        sa.Index("ix_conversation_agent", "agent_id", "started_at"),
        sa.Index("ix_conversation_customer", "customer_id", "category", "started_at"),
        sa.Index("ix_conversation_started", "started_at"),
        sa.Index(
            "uq_conversation_open",
            "agent_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    unit_path: Mapped[str] = mapped_column(sa.String(200), default="/")
    channel: Mapped[str] = mapped_column(sa.String(20), default="phone")
    direction: Mapped[str] = mapped_column(sa.String(10), default="inbound")
    call_ref: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    number: Mapped[str] = mapped_column(sa.String(40), default="")
    phone: Mapped[str] = mapped_column(sa.String(32), default="")
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"))
    category: Mapped[str] = mapped_column(sa.String(40), default="")
    sub_type: Mapped[str] = mapped_column(sa.String(40), default="")
    orders: Mapped[list[str]] = mapped_column(default=list)
    answers: Mapped[list[str]] = mapped_column(default=list)
    result: Mapped[str] = mapped_column(sa.String(20), default="")
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class DeskDraft(Base):
    """What an agent has typed and not sent: kept here, so that neither a reload nor another desk loses it."""

    __tablename__ = "desk_draft"

    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


class ReplyTemplate(Base):
    """Words an agent says or writes often (答复模板). `owner_id` is empty for those shared in `unit_path` and below.

    Placeholders in braces: {customer} {address} {number} {limit} {agent}.
    """

    __tablename__ = "reply_template"
    __table_args__ = (sa.Index("ix_reply_template_owner", "owner_id", "business"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id", ondelete="CASCADE"))
    unit_path: Mapped[str] = mapped_column(sa.String(200), default="/")
    business: Mapped[str] = mapped_column(sa.String(40), default="")
    title: Mapped[str] = mapped_column(sa.String(80))
    text: Mapped[str] = mapped_column(sa.String(1000))
    text_en: Mapped[str] = mapped_column(sa.String(1500), default="")
    position: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
