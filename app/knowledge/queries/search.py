"""Find the articles that answer a question, the best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.kernel.db import session
from app.knowledge import ranking
from app.knowledge.models import Article, ArticleTerm, ArticleVersion, Category
from app.knowledge.queries.scope import in_force, visible

CANDIDATES = 60
"""How many articles by words alone are looked at again for business and use."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that answers: what is said (`answer`), in what category, how well it fits (`score`)."""

    number: str
    title: str
    title_en: str
    answer: str
    answer_en: str
    category: str
    category_en: str
    category_code: str
    score: float
    uses: int


def search(
    text: str, *, paths: Sequence[str], day: date, category: str = "", business: str = "", limit: int = 10
) -> list[Hit]:
    """The articles in force on `day` that share words with `text`, best first.

    `paths` are the units of the one who asks, `category` a code whose branch is searched,
    `business` the type of business at hand, which counts for an article that is made for it.
    Without words: the most used articles of that category or business.
    """
    wanted = ranking.query_terms(text)
    if not wanted:
        return _most_used(_within(paths, day, category), business, limit)
    scored = _by_words(wanted, _within(paths, day, category), limit=max(CANDIDATES, limit))
    rows = _hits(list(scored))
    rules = ranking.rules()
    most = max((hit.uses for _id, hit, _for in rows), default=0) or 1
    ranked = []
    for article_id, hit, businesses in rows:
        share = 1 + rules["business"] * (business in businesses) + rules["use"] * hit.uses / most
        ranked.append((-scored[article_id] * share, hit.number, hit))
    return [hit for _score, _number, hit in sorted(ranked, key=lambda item: item[:2])[:limit]]


def _within(paths: Sequence[str], day: date, category: str) -> list[sa.ColumnElement[bool]]:
    conditions = [in_force(day), visible(paths)]
    if category:
        root = sa.select(Category.path).where(Category.code == category).scalar_subquery()
        branch = sa.select(Category.id).where(Category.path.like(sa.func.coalesce(root, "-") + "%"))
        conditions.append(Article.category_id.in_(branch))
    return conditions


def _by_words(wanted: Sequence[str], conditions: Sequence[sa.ColumnElement[bool]], *, limit: int) -> dict[int, float]:
    """Article ids with their score by words, best first."""
    total = session.scalar(sa.select(sa.func.count()).select_from(Article).where(Article.state == "published")) or 0
    counts = sa.select(ArticleTerm.term, sa.func.count()).where(ArticleTerm.term.in_(wanted)).group_by(ArticleTerm.term)
    having = {term: count for term, count in session.execute(counts)}
    if not having:
        return {}
    rare = {term: ranking.rarity(max(total, count), count) for term, count in having.items()}
    factor = sa.case(rare, value=ArticleTerm.term, else_=0.0)
    score = sa.func.sum(ArticleTerm.weight * factor)
    query = (
        sa.select(ArticleTerm.article_id, score)
        .join(Article, Article.id == ArticleTerm.article_id)
        .where(ArticleTerm.term.in_(list(rare)), *conditions)
        .group_by(ArticleTerm.article_id)
        .order_by(score.desc(), ArticleTerm.article_id)
        .limit(limit)
    )
    return {article_id: float(value) for article_id, value in session.execute(query)}


def _most_used(conditions: Sequence[sa.ColumnElement[bool]], business: str, limit: int) -> list[Hit]:
    query = sa.select(Article.id, Article.businesses).where(*conditions).order_by(Article.uses.desc(), Article.id)
    found = [
        article_id for article_id, made_for in session.execute(query.limit(500)) if not business or business in made_for
    ]
    hits = {article_id: hit for article_id, hit, _for in _hits(found[:limit])}
    return [hits[article_id] for article_id in found[:limit]]


def _hits(ids: Sequence[int]) -> list[tuple[int, Hit, list[str]]]:
    query = (
        sa.select(Article, ArticleVersion.answer, ArticleVersion.answer_en, Category)
        .join(ArticleVersion, ArticleVersion.id == Article.current_id)
        .join(Category, Category.id == Article.category_id)
        .where(Article.id.in_(ids))
    )
    return [
        (
            row.id,
            Hit(
                row.number, row.title, row.title_en, answer, answer_en,
                category.name, category.name_en, category.code, 0.0, row.uses,
            ),
            list(row.businesses),
        )
        for row, answer, answer_en, category in session.execute(query)
    ]  # fmt: skip
