"""How articles are used, and what those who use them say."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class ArticleUse(Base):
    """How often an article was `viewed`, `inserted` into a reply, found `helpful` or `unhelpful`, by day and unit."""

    __tablename__ = "knowledge_use"

    article_id: Mapped[int] = mapped_column(
        sa.ForeignKey("knowledge_article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    unit_path: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class ArticleFeedback(Base):
    """What somebody found wrong or missing. `article_id` is empty where nothing was found for `query`."""

    __tablename__ = "knowledge_feedback"
    __table_args__ = (sa.Index("ix_knowledge_feedback_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("knowledge_article.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    query: Mapped[str] = mapped_column(sa.String(200), default="")
    text: Mapped[str] = mapped_column(sa.String(1000), default="")
    unit_path: Mapped[str] = mapped_column(sa.String(200), default="/")
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(sa.String(1000), default="")
    answered_by: Mapped[str] = mapped_column(sa.String(80), default="")
    answered_at: Mapped[datetime | None]
