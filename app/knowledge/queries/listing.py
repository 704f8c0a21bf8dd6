"""The list of articles for those who keep the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.knowledge.models import Article, ArticleVersion, Category
from app.knowledge.queries.scope import visible

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is looked for: `state` of the article, or `review` (a version waits), `ending` (ends before `until`)."""

    category: str = ""
    state: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    title: str
    title_en: str
    category: str
    category_en: str
    state: str
    valid_until: date | None
    uses: int
    helpful: int
    unhelpful: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Rows by the last change; `after` is the key of the next page, none at the end."""

    rows: Sequence[Row]
    after: int | None


def list_articles(filters: Filters, *, paths: Sequence[str], after: int = 0, limit: int = PAGE) -> Page:
    """Articles of these units, those changed last first; `after` counts rows already shown."""
    query = (
        sa.select(Article, Category)
        .join(Category, Category.id == Article.category_id)
        .where(visible(paths), *_conditions(filters))
        .order_by(Article.updated_at.desc(), Article.id.desc())
        .offset(after)
        .limit(limit + 1)
    )
    found = [_row(article, category) for article, category in session.execute(query)]
    return Page(found[:limit], after + limit if len(found) > limit else None)


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if filters.category:
        root = sa.select(Category.path).where(Category.code == filters.category).scalar_subquery()
        conditions.append(Category.path.like(sa.func.coalesce(root, "-") + "%"))
    if filters.state == "review":
        waiting = sa.select(ArticleVersion.article_id).where(ArticleVersion.state.in_(("draft", "review", "returned")))
        conditions.append(Article.id.in_(waiting))
    elif filters.state == "ending" and filters.until:
        conditions += [Article.state == "published", Article.valid_until <= filters.until]
    elif filters.state:
        conditions.append(Article.state == filters.state)
    return conditions


def _row(article: Article, category: Category) -> Row:
    return Row(
        article.number, article.title, article.title_en, category.name, category.name_en, article.state,
        article.valid_until, article.uses, article.helpful, article.unhelpful, article.updated_at,
    )  # fmt: skip
