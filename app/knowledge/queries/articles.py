"""One article with its words, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.knowledge.models import Article, ArticleVersion, Category
from app.knowledge.queries.scope import visible


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version: its words, who wrote and who reviewed it."""

    id: int
    number: int
    state: str
    category_code: str
    title: str
    title_en: str
    answer: str
    answer_en: str
    body: str
    body_en: str
    keywords: Sequence[str]
    questions: Sequence[str]
    businesses: Sequence[str]
    files: Sequence[str]
    valid_from: date
    valid_until: date | None
    source: str
    change_note: str
    author: str
    created_at: datetime
    reviewer: str
    review_note: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article: what is in force (`version`, none before it is published), how it is used."""

    id: int
    number: str
    state: str
    scope_path: str
    title: str
    title_en: str
    category: str
    category_en: str
    uses: int
    helpful: int
    unhelpful: int
    updated_at: datetime
    version: VersionView | None
    draft: VersionView | None


def article_view(number: str, *, paths: Sequence[str]) -> ArticleView | None:
    """An article as those of these units see it; None where there is none for them."""
    found = session.execute(
        sa.select(Article, Category)
        .join(Category, Category.id == Article.category_id)
        .where(Article.number == number, visible(paths))
    ).first()
    if found is None:
        return None
    row, category = found
    versions = versions_of(row.id)
    return ArticleView(
        id=row.id,
        number=row.number,
        state=row.state,
        scope_path=row.scope_path,
        title=row.title,
        title_en=row.title_en,
        category=category.name,
        category_en=category.name_en,
        uses=row.uses,
        helpful=row.helpful,
        unhelpful=row.unhelpful,
        updated_at=row.updated_at,
        version=next((one for one in versions if one.id == row.current_id), None),
        draft=next((one for one in versions if one.state in {"draft", "review", "returned"}), None),
    )


def versions_of(article_id: int) -> list[VersionView]:
    """All versions of an article, newest first."""
    query = (
        sa.select(ArticleVersion, Category.code)
        .join(Category, Category.id == ArticleVersion.category_id)
        .where(ArticleVersion.article_id == article_id)
        .order_by(ArticleVersion.number.desc())
    )
    return [_version(row, code) for row, code in session.execute(query)]


def _version(row: ArticleVersion, category_code: str) -> VersionView:
    copied = {name: getattr(row, name) for name in VersionView.__dataclass_fields__ if name != "category_code"}
    return VersionView(category_code=category_code, **copied)
