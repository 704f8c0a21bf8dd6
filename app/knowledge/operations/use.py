"""Counting how articles are used."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.db import is_sqlite, session
from app.knowledge.models import Article, ArticleUse
from app.knowledge.operations.drafting import find_article
from app.knowledge.queries.scope import READ

Kind = Literal["viewed", "inserted", "helpful", "unhelpful"]
COUNTED = {"inserted": Article.uses, "helpful": Article.helpful, "unhelpful": Article.unhelpful}


def note_use(number: str, kind: Kind, *, unit_path: str = "/", actor: Actor, now: datetime) -> None:
    """Count one use; `unit_path` is where its user works. Raises `Forbidden`, `ArticleNotFound`."""
    authority.require(actor, READ, unit_path=None, now=now)
    article = find_article(number)
    insert = (sqlite if is_sqlite() else postgresql).insert(ArticleUse)
    row = {"article_id": article.id, "day": now.astimezone(LOCAL).date(), "unit_path": unit_path, "kind": kind}
    session.execute(
        insert.values(**row, count=1).on_conflict_do_update(
            index_elements=list(row), set_={"count": ArticleUse.count + 1}
        )
    )
    column = COUNTED.get(kind)
    if column is not None:  # past the unit of work: a use is no change of the article that an editor could collide with
        session.execute(sa.update(Article).where(Article.id == article.id).values({column: column + 1}))
        session.expire(article)
