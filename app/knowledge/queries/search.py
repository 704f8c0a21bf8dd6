"""Find the articles that answer a question, the best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.kernel.db import session
from app.knowledge import ranking
from app.knowledge.models import Article, ArticleTerm, ArticleVersion, Category
from app.knowledge.queries.scope import in_force, visible

CANDIDATES = 60
"""How many articles by words alone are looked at again for business and use."""

AHEAD = 5
"""So many times as many are first checked against what is in force and visible."""

POSTINGS = 8_000
"""How many entries of the index one question reads at most, the rarest terms first."""


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
    """Article ids with their score by words, best first.

    The best by words alone are checked against the conditions: one article more to read for each, instead
    of one for each that shares a word. Only where too few pass are all of them checked.
    """
    rare = _rarities(wanted)
    if not rare:
        return {}
    best = _scored(rare, (), limit=AHEAD * limit)
    passing = set(session.scalars(sa.select(Article.id).where(Article.id.in_(list(best)), *conditions)))
    if len(passing) < limit and len(best) == AHEAD * limit:
        return _scored(rare, conditions, limit=limit)
    return {article_id: score for article_id, score in best.items() if article_id in passing}


def _rarities(wanted: Sequence[str]) -> dict[str, float]:
    """The terms to look up with their worth, the rarest first, until `POSTINGS` entries are to be read.

    What is left out then is what very many articles have: it says least about which one is meant.
    """
    total = session.scalar(sa.select(sa.func.count()).select_from(Article).where(Article.state == "published")) or 0
    counts = sa.select(ArticleTerm.term, sa.func.count()).where(ArticleTerm.term.in_(wanted)).group_by(ArticleTerm.term)
    rare: dict[str, float] = {}
    entries = 0
    for having, term in sorted((having, term) for term, having in session.execute(counts)):
        entries += having
        if rare and entries > POSTINGS:
            break
        rare[term] = ranking.rarity(max(total, having), having)
    return rare


def _scored(rare: Mapping[str, float], conditions: Sequence[sa.ColumnElement[bool]], *, limit: int) -> dict[int, float]:
    factor = sa.case(dict(rare), value=ArticleTerm.term, else_=0.0)
    score = sa.func.sum(ArticleTerm.weight * factor)
    query = sa.select(ArticleTerm.article_id, score).where(ArticleTerm.term.in_(list(rare)))
    if conditions:
        query = query.join(Article, Article.id == ArticleTerm.article_id).where(*conditions)
    query = query.group_by(ArticleTerm.article_id).order_by(score.desc(), ArticleTerm.article_id).limit(limit)
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
