"""Filters people keep, for themselves or for everyone holding a post."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import queries as identity
from app.inbox.models import SavedFilter
from app.inbox.queries.filters import Scope, TaskFilter
from app.inbox.rights import require
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound

SHARE = "filter.share"
LONGEST_NAME = 60
MOST = 50
"""Filters a person may keep: more could not be told apart in a menu."""


class BadFilterName(Invalid):
    code = "bad_filter_name"


class FilterNotFound(NotFound):
    code = "filter_not_found"


def save_filter(
    name: str, scope: Scope, wanted: TaskFilter, *, shared_post: str | None = None, actor: Actor, now: datetime
) -> int:
    """Keep a filter under a name, in place of one's own filter of that name; returns its id.

    Sharing it with a post needs `filter.share`.
    """
    title = name.strip()
    if not 0 < len(title) <= LONGEST_NAME:
        raise _bad(_l("A filter needs a name of at most %(most)d characters.", most=LONGEST_NAME))
    if shared_post:
        require(
            actor.id is not None and identity.may(actor.id, SHARE, unit_path=None, at=now),
            _l("You may not share filters with others."),
        )
    mine = list(session.scalars(sa.select(SavedFilter).where(SavedFilter.user_id == actor.id)))
    row = next((kept for kept in mine if kept.name == title), None)
    if row is None:
        if len(mine) >= MOST:
            raise _bad(_l("You keep %(most)d filters already. Delete one first.", most=MOST))
        row = SavedFilter(user_id=actor.id, name=title, created_at=now)
        session.add(row)
    row.scope, row.params, row.shared_post = scope, wanted.params(), shared_post or None
    session.flush()
    return row.id


def delete_filter(filter_id: int, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001 - as every operation
    """Delete one of one's own filters, for those it was shared with too."""
    row = session.get(SavedFilter, filter_id)
    if row is None or row.user_id != actor.id:
        raise FilterNotFound(_l("This filter does not exist, or belongs to somebody else."))
    session.delete(row)


def _bad(message: object) -> BadFilterName:
    return BadFilterName(message, errors={"name": [str(message)]})
