"""From a draft to words in force, and out of force again. The process `article_publication` decides when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.identity import queries as people
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.knowledge import search
from app.knowledge.models import Article, ArticleVersion
from app.knowledge.operations.drafting import find_article, newest
from app.knowledge.queries.scope import WRITE

PROCESS = "article_publication"
REVIEWERS = "knowledge_editor"
RENEWAL_RULE = "article_renewal"
SUPERSEDED = "article_superseded"


class NothingToSubmit(Conflict):
    code = "nothing_to_submit"


class NoReviewer(Conflict):
    """Neither the article's unit nor one above it has a knowledge editor."""

    code = "no_reviewer"


def submit(number: str, *, actor: Actor, now: datetime) -> str:
    """Send the draft to its review; returns the id of the process.

    Raises `Forbidden`, `ArticleNotFound`, `NothingToSubmit`, `NoReviewer`.
    """
    article = find_article(number)
    authority.require(actor, WRITE, unit_path=article.scope_path, now=now)
    version = newest(article.id)
    if version is None or version.state != "draft":
        raise NothingToSubmit(_l("There is no draft to submit: write the next words first."))
    version.state = "review"
    unit = _review_unit(article.scope_path, now)
    started = engine.start(
        PROCESS,
        data={
            "article_id": article.id,
            "number": article.number,
            "version_id": version.id,
            "author": actor.ref,
            "review_unit": unit,
        },
        business_key=article.number,
        title=f"知识审核：{version.title}",
        title_en=f"Article review: {version.title_en or version.title}",
        unit=unit,
        search=f"{article.number} {version.title} {version.title_en}",
        actor=actor,
        now=now,
    )
    version.instance_id = started.id
    _record("article.submitted", article, actor=actor, now=now)
    return started.id


def publish(version_id: int, *, note: str, reviewer: str, actor: Actor, now: datetime) -> dict[str, object]:
    """These words are in force; those before them are superseded. Returns when to look again (`renew_at`, or null)."""
    version = session.get_one(ArticleVersion, version_id)
    article = session.get_one(Article, version.article_id)
    before = session.get(ArticleVersion, article.current_id) if article.current_id else None
    if before is not None and before.id != version.id:
        before.state = "superseded"
        engine.publish(SUPERSEDED, correlation={"version_id": before.id}, actor=actor, now=now)
    version.state, version.published_at = "published", now
    version.reviewer, version.review_note = reviewer, note
    article.state, article.current_id, article.updated_at = "published", version.id, now
    for name in ("title", "title_en", "businesses", "valid_from", "valid_until", "category_id"):
        setattr(article, name, getattr(version, name))
    search.put(version)
    _record("article.published", article, actor=actor, now=now)
    return {"renew_at": _renewal(article, now)}


def give_back(version_id: int, *, note: str, reviewer: str, actor: Actor, now: datetime) -> None:
    """The reviewer returns the words to their author, with the reason."""
    version = session.get_one(ArticleVersion, version_id)
    version.state, version.reviewer, version.review_note = "returned", reviewer, note
    _record("article.returned", session.get_one(Article, version.article_id), actor=actor, now=now)


def submit_again(version_id: int, *, actor: Actor, now: datetime) -> None:
    """The author put the returned words right."""
    version = session.get_one(ArticleVersion, version_id)
    version.state = "review"
    _record("article.submitted", session.get_one(Article, version.article_id), actor=actor, now=now)


def withdraw(version_id: int, *, actor: Actor, now: datetime) -> None:
    """The author gives the returned words up; what was in force stays so."""
    version = session.get_one(ArticleVersion, version_id)
    version.state = "superseded"
    _record("article.withdrawn", session.get_one(Article, version.article_id), actor=actor, now=now)


def extend(version_id: int, *, until: date, actor: Actor, now: datetime) -> dict[str, object]:
    """The words hold longer, to before `until`. Returns when to look again."""
    version = session.get_one(ArticleVersion, version_id)
    article = session.get_one(Article, version.article_id)
    version.valid_until = article.valid_until = until
    article.updated_at = now
    _record("article.extended", article, actor=actor, now=now)
    return {"renew_at": _renewal(article, now)}


def retire(number: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """Nobody answers from it any more. Raises `Forbidden` (right `knowledge.review`), `ArticleNotFound`."""
    article = find_article(number)
    authority.require(actor, "knowledge.review", unit_path=article.scope_path, now=now)
    retire_article(article, reason=reason, actor=actor, now=now)
    if article.current_id:
        engine.publish(SUPERSEDED, correlation={"version_id": article.current_id}, actor=actor, now=now)


def retire_article(article: Article, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take an article out of force and out of the search."""
    article.state, article.updated_at = "retired", now
    search.drop(article.id)
    _record("article.retired", article, actor=actor, now=now, reason=reason)


def _renewal(article: Article, now: datetime) -> str | None:
    """When somebody looks at the article again: so many days before it ends, as the table `article_renewal` says."""
    if article.valid_until is None:
        return None
    days = engine.decide(RENEWAL_RULE, {"scope": article.scope_path}, now=now, record=False).result
    end = datetime.combine(article.valid_until, time(9), tzinfo=LOCAL)
    return max(now, end - timedelta(days=int(days or 0))).isoformat()


def _review_unit(scope: str, now: datetime) -> str:
    """The nearest unit, from the article's upward, that has a knowledge editor."""
    unit = people.nearest_staffed(REVIEWERS, scope, at=now)
    if unit is None:
        raise NoReviewer(_l("No knowledge editor is appointed in this unit or above it. Ask an administrator."))
    return unit.code


def _record(action: str, article: Article, *, actor: Actor, now: datetime, **details: object) -> None:
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="article",
        subject_id=article.number,
        unit_path=article.scope_path,
        details=details or None,
    )
