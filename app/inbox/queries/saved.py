"""The filters a person can choose from: their own and those shared with a post they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa

from app.inbox.models import SavedFilter
from app.inbox.queries.filters import Scope, TaskFilter, read_filter
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class SavedView:
    """A kept filter. `own` ones can be deleted; `shared_post` names the post it is shared with."""

    id: int
    name: str
    scope: Scope
    wanted: TaskFilter
    own: bool
    shared_post: str | None


def saved_filters(user_id: int, groups: Iterable[str]) -> list[SavedView]:
    """One's own filters and those of one's posts, by name."""
    posts = posts_of(groups)
    shared = SavedFilter.shared_post.in_(posts) if posts else sa.false()
    query = sa.select(SavedFilter).where(sa.or_(SavedFilter.user_id == user_id, shared))
    rows = session.scalars(query.order_by(SavedFilter.name, SavedFilter.id))
    return [_view(row, user_id) for row in rows]


def posts_of(groups: Iterable[str]) -> list[str]:
    """The posts in these groups `post@unit`, each once."""
    return sorted({group.partition("@")[0] for group in groups})


def _view(row: SavedFilter, user_id: int) -> SavedView:
    return SavedView(
        id=row.id,
        name=row.name,
        scope=cast(Scope, row.scope),
        wanted=read_filter(row.params),
        own=row.user_id == user_id,
        shared_post=row.shared_post,
    )
