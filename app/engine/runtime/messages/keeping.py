"""Messages that are kept: for somebody who does not wait yet, or so that a key is not used twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.engine.runtime.correlation import subsets
from app.engine.runtime.messages.post import Post
from app.engine.runtime.models import Message, MessageAddress
from app.kernel.db import is_sqlite, new_id, session


def claim_key(post: Post, key: str) -> tuple[Message, bool]:
    """The message of this key, and whether it is this one (False: it was published before)."""
    values = _values(post) | {"key": key, "state": "delivered", "instance_ids": []}
    insert = (sqlite if is_sqlite() else postgresql).insert(Message)
    session.execute(insert.values(**values).on_conflict_do_nothing(index_elements=["key"]))
    message = session.scalars(sa.select(Message).where(Message.key == key)).one()
    return message, message.id == values["id"]


def keep(
    post: Post, message: Message | None, *, ttl: timedelta | None, reached: list[str], also: Iterable[str] = ()
) -> None:
    """Keep the message for `ttl` (None: until it is taken); `also` are further normal forms it may be asked by."""
    if message is None:
        message = Message(**_values(post))
        session.add(message)
    message.state, message.instance_ids = "waiting", list(reached)
    message.expires_at = post.now + ttl if ttl is not None else None
    addresses = sorted({*subsets(post.values), *also} - {""})
    session.flush()
    session.add_all(MessageAddress(message_id=message.id, name=post.name, correlation=one) for one in addresses)


def drop_expired(now: datetime) -> int:
    """Forget kept messages whose time is over; returns how many."""
    expired = sa.select(Message).where(Message.state == "waiting", Message.expires_at <= now)
    messages = session.scalars(expired.limit(500)).all()
    ids = [message.id for message in messages]
    session.execute(sa.delete(MessageAddress).where(MessageAddress.message_id.in_(ids)))
    for message in messages:
        session.delete(message)
    return len(ids)


def _values(post: Post) -> dict[str, object]:
    return {
        "id": new_id(),
        "name": post.name,
        "correlation": post.correlation,
        "payload": post.payload,
        "instance_ids": [],
        "published_at": post.now,
        "published_by": post.actor.ref,
        "expires_at": None,
    }
