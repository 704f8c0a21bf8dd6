"""What people say about articles and what they miss; editors answer."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.knowledge.models import ArticleFeedback
from app.knowledge.operations.drafting import find_article
from app.knowledge.queries.scope import READ, REVIEW
from app.notify import operations as notify

KINDS = ("wrong", "outdated", "unclear", "missing")


class FeedbackNotFound(NotFound):
    code = "feedback_not_found"


def give_feedback(
    kind: str,
    *,
    number: str | None = None,
    query: str = "",
    text: str = "",
    unit_path: str = "/",
    actor: Actor,
    now: datetime,
) -> int:
    """Say what is wrong with an article, or that `query` found none; returns the feedback's id.

    It goes to the editors of the article's unit, or of `unit_path`, where the question was asked.

    Raises `Forbidden` (right `knowledge.read`), `Invalid`, `ArticleNotFound`.
    """
    authority.require(actor, READ, unit_path=None, now=now)
    if kind not in KINDS or (kind == "missing") != (number is None) or len(text) > 1000:
        raise Invalid(_l("Say what is wrong."), errors={"kind": [_l("Say what is wrong.")]})
    article = find_article(number) if number else None
    row = ArticleFeedback(
        article_id=article.id if article else None,
        kind=kind,
        query=query.strip()[:200],
        text=text.strip(),
        unit_path=article.scope_path if article else unit_path,
        by=actor.ref,
        at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def answer_feedback(feedback_id: int, *, answer: str, actor: Actor, now: datetime) -> None:
    """Close a feedback with what was done; who gave it is told. Raises `Forbidden`, `FeedbackNotFound`, `Invalid`."""
    row = session.get(ArticleFeedback, feedback_id, with_for_update=True)
    if row is None or row.state != "open":
        raise FeedbackNotFound(_l("This feedback is answered already."))
    authority.require(actor, REVIEW, unit_path=row.unit_path, now=now)
    if not answer.strip() or len(answer) > 1000:
        raise Invalid(_l("Say what was done."), errors={"answer": [_l("Say what was done.")]})
    row.state, row.answer, row.answered_by, row.answered_at = "done", answer.strip(), actor.ref, now
    teller = people.user_view(row.by)
    if teller is not None:
        notify.notify_users(
            [teller.id],
            kind="knowledge",
            text=_l("Your note on the answers library is answered: %(answer)s", answer=row.answer[:200]),
            link="/knowledge",
            actor=actor,
            now=now,
        )
