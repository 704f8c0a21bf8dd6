"""Articles (知识条目, 标准答案) and their versions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Article(Base):
    """What agents answer from. Its words stand in versions; `current_id` is the one in force.

    `state` is `new` (never published), `published` or `retired`. `scope_path` is the unit under which
    it holds ("/": everywhere). `businesses` are the types of business it answers for. The validity of the
    version in force is copied here, half-open, so that lists and search need no join. The counters
    are those of `ArticleUse`, kept with each use.
    """

    __tablename__ = "knowledge_article"
    __table_args__ = (
        sa.Index("ix_knowledge_article_category", "category_id", "state"),
        sa.Index("ix_knowledge_article_until", "state", "valid_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("knowledge_category.id"))
    scope_path: Mapped[str] = mapped_column(sa.String(200), default="/")
    state: Mapped[str] = mapped_column(sa.String(20), default="new")
    current_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(sa.String(200))
    title_en: Mapped[str] = mapped_column(sa.String(300), default="")
    businesses: Mapped[list[str]] = mapped_column(default=list)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    uses: Mapped[int] = mapped_column(default=0)
    helpful: Mapped[int] = mapped_column(default=0)
    unhelpful: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)


class ArticleVersion(Base):
    """The words of an article as one author wrote them. Never changed once it left `draft`.

    `answer` is what is said or inserted as it stands, `body` the details behind it (Markdown), both with
    an English twin. `questions` are the forms in which customers ask. `state` is `draft`, `review`,
    `returned`, `published` or `superseded`.
    """

    __tablename__ = "knowledge_version"
    __table_args__ = (sa.UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("knowledge_article.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(20), default="draft")
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("knowledge_category.id"))
    title: Mapped[str] = mapped_column(sa.String(200))
    title_en: Mapped[str] = mapped_column(sa.String(300), default="")
    answer: Mapped[str] = mapped_column(sa.Text)
    answer_en: Mapped[str] = mapped_column(sa.Text, default="")
    body: Mapped[str] = mapped_column(sa.Text, default="")
    body_en: Mapped[str] = mapped_column(sa.Text, default="")
    keywords: Mapped[list[str]] = mapped_column(default=list)
    questions: Mapped[list[str]] = mapped_column(default=list)
    businesses: Mapped[list[str]] = mapped_column(default=list)
    files: Mapped[list[Any]] = mapped_column(default=list)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    source: Mapped[str] = mapped_column(sa.String(300), default="")
    change_note: Mapped[str] = mapped_column(sa.String(300), default="")
    instance_id: Mapped[str | None] = mapped_column(sa.String(36))
    author: Mapped[str] = mapped_column(sa.String(80))
    created_at: Mapped[datetime]
    reviewer: Mapped[str] = mapped_column(sa.String(80), default="")
    review_note: Mapped[str] = mapped_column(sa.String(500), default="")
    published_at: Mapped[datetime | None]
