"""What people said about articles, and what they did not find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.knowledge.models import Article, ArticleFeedback


@dataclass(frozen=True, slots=True)
class FeedbackView:
    id: int
    kind: str
    number: str | None
    title: str | None
    title_en: str | None
    query: str
    text: str
    by: str
    at: datetime


def open_feedback(*, paths: Sequence[str], limit: int = 100) -> list[FeedbackView]:
    """Feedback of people of these units that nobody has answered, oldest first."""
    where = (
        sa.true()
        if "/" in paths
        else sa.or_(sa.false(), *(ArticleFeedback.unit_path.startswith(path) for path in paths))
    )
    query = (
        sa.select(ArticleFeedback, Article.number, Article.title, Article.title_en)
        .outerjoin(Article, Article.id == ArticleFeedback.article_id)
        .where(ArticleFeedback.state == "open", where)
        .order_by(ArticleFeedback.id)
        .limit(limit)
    )
    return [
        FeedbackView(row.id, row.kind, number, title, title_en, row.query, row.text, row.by, row.at)
        for row, number, title, title_en in session.execute(query)
    ]
