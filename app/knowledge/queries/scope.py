"""What of the library a person may see: what holds everywhere, in their units, above and below them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from app.identity import queries as people
from app.knowledge.models import Article

READ = "knowledge.read"
WRITE = "knowledge.write"
REVIEW = "knowledge.review"


def visible(paths: Sequence[str]) -> sa.ColumnElement[bool]:
    """Articles that hold in, above or below one of these units."""
    if "/" in paths:
        return sa.true()
    above = {"/", *(prefix for path in paths for prefix in people.prefixes(path))}
    below = [Article.scope_path.startswith(path, autoescape=True) for path in paths]
    return sa.or_(Article.scope_path.in_(above), *below) if paths else sa.false()


def in_force(day: date) -> sa.ColumnElement[bool]:
    """Articles that are published and valid on this day (half-open)."""
    return sa.and_(
        Article.state == "published",
        Article.valid_from <= day,
        sa.or_(Article.valid_until.is_(None), Article.valid_until > day),
    )
