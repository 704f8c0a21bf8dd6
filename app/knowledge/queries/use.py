"""How the library is used: by article, by day, what was not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.kernel.db import session
from app.knowledge.models import Article, ArticleUse
from app.knowledge.queries.scope import visible


@dataclass(frozen=True, slots=True)
class Usage:
    """An article's uses in a period by kind: viewed, inserted, helpful, unhelpful."""

    number: str
    title: str
    title_en: str
    counts: Mapping[str, int]


def usage(*, since: date, until: date, paths: Sequence[str], limit: int = 50) -> list[Usage]:
    """The articles most inserted and viewed from `since` to before `until`, by people of these units."""
    conditions = [ArticleUse.day >= since, ArticleUse.day < until, visible(paths)]
    if "/" not in paths:
        conditions.append(
            sa.or_(sa.false(), *(ArticleUse.unit_path.startswith(path, autoescape=True) for path in paths))
        )
    query = (
        sa.select(Article.number, Article.title, Article.title_en, ArticleUse.kind, sa.func.sum(ArticleUse.count))
        .join(Article, Article.id == ArticleUse.article_id)
        .where(*conditions)
        .group_by(Article.id, Article.number, Article.title, Article.title_en, ArticleUse.kind)
    )
    found: dict[str, Usage] = {}
    for number, title, title_en, kind, count in session.execute(query):
        counts = found.setdefault(number, Usage(number, title, title_en, {})).counts
        counts[kind] = int(count)  # type: ignore[index]
    return sorted(found.values(), key=lambda one: (-sum(one.counts.values()), one.number))[:limit]
