"""In-app notices (one row for each person told) and messages that leave the house."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Notice(Base):
    """Something a person should know, in both languages, with the page it leads to.

    `sender` names the actor, `kind` is a stable word for machines (`escalation`, `assigned`, ...); `priority` runs
    from 0 to 100 as a task's does. A `dedupe_key` used before for the same person makes no
    second notice.
    """

    __tablename__ = "notice"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "dedupe_key"),
        sa.Index("ix_notice_user_id_id", "user_id", "id"),
        sa.Index(
            "ix_notice_unread",
            "user_id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    at: Mapped[datetime]
    sender: Mapped[str] = mapped_column(sa.String(64))
    kind: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.String(500))
    text_en: Mapped[str] = mapped_column(sa.String(500))
    link: Mapped[str] = mapped_column(sa.String(300), default="")
    priority: Mapped[int] = mapped_column(default=50)
    read_at: Mapped[datetime | None]
    dedupe_key: Mapped[str | None] = mapped_column(sa.String(200))


class Delivery(Base):
    """A message that leaves the house by mail, text message, fax or phone, and what became of it.

    `state` is queued, handed (another system has it and will report), sent, failed or withdrawn (it no longer
    held before it went out); `key` makes it one however often it is asked for; `ref` is the other side's word for
    it. `reason` is why it failed, one of `notify.failures.REASONS`, `error` the same for the log.
    `subject_type` and `subject_id` say what it is about (an order, a customer).
    """

    __tablename__ = "delivery"
    __table_args__ = (sa.Index("ix_delivery_subject", "subject_type", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(sa.String(20))
    recipient: Mapped[str] = mapped_column(sa.String(200))
    subject: Mapped[str] = mapped_column(sa.String(200), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    subject_type: Mapped[str] = mapped_column(sa.String(20), default="")
    subject_id: Mapped[str] = mapped_column(sa.String(40), default="")
    unit_path: Mapped[str] = mapped_column(sa.String(200), default="/")
    state: Mapped[str] = mapped_column(sa.String(10), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    ref: Mapped[str] = mapped_column(sa.String(120), default="")
    reason: Mapped[str] = mapped_column(sa.String(20), default="")
    error: Mapped[str] = mapped_column(sa.String(300), default="")
    language: Mapped[str] = mapped_column(sa.String(5), default="zh")
    by: Mapped[str] = mapped_column(sa.String(80))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
