"""Keeping the inverted index of published articles."""

from __future__ import annotations

import sqlalchemy as sa

from app.kernel.db import session
from app.knowledge import ranking
from app.knowledge.models import ArticleTerm, ArticleVersion


def put(version: ArticleVersion) -> None:
    """Make the article findable by the words of this version, instead of by any other's."""
    drop(version.article_id)
    weights = ranking.weights(
        {
            "questions": version.questions,
            "title": [version.title, version.title_en],
            "keywords": version.keywords,
            "answer": [version.answer, version.answer_en],
            "body": [version.body, version.body_en],
        }
    )
    rows = [{"term": term, "article_id": version.article_id, "weight": weight} for term, weight in weights.items()]
    if rows:
        session.execute(sa.insert(ArticleTerm), rows)


def drop(article_id: int) -> None:
    """Make the article unfindable."""
    session.execute(sa.delete(ArticleTerm).where(ArticleTerm.article_id == article_id))
