"""The tree of categories."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.kernel.db import session
from app.knowledge.models import Article, Category


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category in the order of the tree; `depth` counts from 0, `articles` those published in it alone."""

    id: int
    code: str
    name: str
    name_en: str
    depth: int
    path: str
    articles: int


def categories() -> list[CategoryView]:
    """All active categories, parents before children, in their order."""
    counting = sa.select(Article.category_id, sa.func.count()).where(Article.state == "published")
    counted = {category: count for category, count in session.execute(counting.group_by(Article.category_id))}
    rows = list(session.scalars(sa.select(Category).where(Category.active)))
    place = {row.id: (row.position, row.id) for row in rows}

    def key(row: Category) -> list[tuple[int, int]]:
        return [place.get(int(part), (0, 0)) for part in row.path.split("/") if part]

    return [
        CategoryView(row.id, row.code, row.name, row.name_en, row.path.count("/") - 2, row.path, counted.get(row.id, 0))
        for row in sorted(rows, key=key)
    ]
