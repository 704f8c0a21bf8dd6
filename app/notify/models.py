"""The table of in-app notices: one row for each person told. Reading and writing live beside it."""

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
