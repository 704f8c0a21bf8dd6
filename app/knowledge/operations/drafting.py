"""Write an article: a draft that nobody answers from until it is reviewed and published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.identity import queries as people
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.numbering import next_number
from app.knowledge.models import Article, ArticleVersion, Category
from app.knowledge.queries.scope import WRITE

PREFIX = "ZS"
TEXT_LIMIT = 20_000
ANSWER_LIMIT = 4_000
LIST_LIMIT = 40


class ArticleNotFound(NotFound):
    code = "article_not_found"


class InReview(Conflict):
    """The newest words wait for their reviewer: they change when they come back."""

    code = "article_in_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleData:
    """What an author writes; `unit` is the code of the unit where it holds, `category` a code."""

    unit: str
    category: str
    title: str
    title_en: str = ""
    answer: str
    answer_en: str = ""
    body: str = ""
    body_en: str = ""
    keywords: Sequence[str] = ()
    questions: Sequence[str] = ()
    businesses: Sequence[str] = ()
    files: Sequence[str] = ()
    valid_from: date
    valid_until: date | None = None
    source: str = ""
    change_note: str = ""


def save_draft(data: ArticleData, *, number: str | None = None, actor: Actor, now: datetime) -> str:
    """Write a new article or the next words of one; returns its number.

    Raises `Forbidden` (right `knowledge.write` in the unit), `Invalid` (errors by field),
    `ArticleNotFound`, `InReview`.
    """
    scope, category = _check(data, now=now)
    authority.require(actor, WRITE, unit_path=scope, now=now)
    article = _new(category, scope, now) if number is None else find_article(number)
    if number is not None:
        authority.require(actor, WRITE, unit_path=article.scope_path, now=now)
    if article.state != "published":
        article.title, article.title_en = data.title.strip(), data.title_en.strip()
        article.category_id, article.scope_path = category.id, scope
    article.updated_at = now
    version = _open_version(article, actor=actor, now=now)
    _write(version, data, category)
    session.flush()
    audit.record(
        "article.drafted", actor=actor, now=now, subject_type="article", subject_id=article.number, unit_path=scope
    )
    return article.number


def find_article(number: str) -> Article:
    """The article of this number, locked for a change. Raises `ArticleNotFound`."""
    article = session.scalar(sa.select(Article).where(Article.number == number).with_for_update())
    if article is None:
        raise ArticleNotFound(_l("There is no article %(number)s.", number=number))
    return article


def newest(article_id: int) -> ArticleVersion | None:
    """The version written last."""
    query = sa.select(ArticleVersion).where(ArticleVersion.article_id == article_id)
    return session.scalar(query.order_by(ArticleVersion.number.desc()).limit(1))


def _new(category: Category, scope: str, now: datetime) -> Article:
    article = Article(
        number=next_number(PREFIX, now=now), category_id=category.id, scope_path=scope, title="", updated_at=now
    )
    session.add(article)
    session.flush()
    return article


def _open_version(article: Article, *, actor: Actor, now: datetime) -> ArticleVersion:
    """The draft that may be changed, a new one after a version that is done."""
    last = newest(article.id)
    if last is not None and last.state == "review":
        raise InReview(_l("The article waits for its review. It can be changed when it is published or returned."))
    if last is not None and last.state in {"draft", "returned"}:
        last.author = actor.ref
        return last
    version = ArticleVersion(
        article_id=article.id, number=(last.number if last else 0) + 1, author=actor.ref, created_at=now
    )
    session.add(version)
    return version


def _write(version: ArticleVersion, data: ArticleData, category: Category) -> None:
    version.category_id = category.id
    for name in ("title", "title_en", "answer", "answer_en", "body", "body_en", "source", "change_note"):
        setattr(version, name, getattr(data, name).strip())
    for name in ("keywords", "questions", "businesses", "files"):
        setattr(version, name, [one.strip() for one in getattr(data, name) if one.strip()])
    version.valid_from, version.valid_until = data.valid_from, data.valid_until


def _check(data: ArticleData, *, now: datetime) -> tuple[str, Category]:
    errors: dict[str, list[object]] = {}
    unit = people.unit_by_code(data.unit, at=now)
    category = session.scalar(sa.select(Category).where(Category.code == data.category, Category.active))
    if unit is None:
        errors["unit"] = [_l("There is no such unit.")]
    if category is None:
        errors["category"] = [_l("Choose a section.")]
    if not data.title.strip() or len(data.title) > 200:
        errors["title"] = [_l("A title of at most 200 characters is needed.")]
    if not data.answer.strip() or len(data.answer) > ANSWER_LIMIT:
        errors["answer"] = [_l("An answer of at most %(most)s characters is needed.", most=ANSWER_LIMIT)]
    for name in ("answer_en", "body", "body_en"):
        if len(getattr(data, name)) > TEXT_LIMIT:
            errors[name] = [_l("At most %(most)s characters.", most=TEXT_LIMIT)]
    for name in ("keywords", "questions", "businesses", "files"):
        if len(getattr(data, name)) > LIST_LIMIT or any(len(one) > 200 for one in getattr(data, name)):
            errors[name] = [_l("At most %(most)s entries of 200 characters.", most=LIST_LIMIT)]
    if len(data.title_en) > 300 or len(data.source) > 300 or len(data.change_note) > 300:
        errors["source"] = [_l("At most %(most)s characters.", most=300)]
    if data.valid_until is not None and data.valid_until <= data.valid_from:
        errors["valid_until"] = [_l("It must end after it begins.")]
    if errors or unit is None or category is None:
        raise Invalid(_l("The article is not complete."), errors=errors)
    return unit.path, category
