"""What changed: a counter by topic, raised in the writing transaction, watched by open pages.

A topic is a word such as `inbox:dispatcher@GM` or `order:5`. Its version only rises: it
is the time of the last change in milliseconds, or one more than before. Counters are
raised at the very end of the transaction, so that their rows are locked for an instant
and each commit pays one statement. `live_listener` waits for changes.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import Base, db, session, table

CHANNEL = "lightline_live"
Versions = dict[str, int]


class LiveTopic(Base):
    """The version of a topic: rises with each change."""

    __tablename__ = "live_topic"

    topic: Mapped[str] = mapped_column(sa.String(150), primary_key=True)
    version: Mapped[int] = mapped_column(sa.BigInteger, index=True)


def touch(*topics: str) -> None:
    """Tell whoever watches these topics, once the caller's transaction is committed."""
    current = session()
    if not current.in_transaction():
        current.begin()  # so that a rollback is noticed even where nothing else was done
    current.info.setdefault("live_topics", set()).update(topics)


def versions(topics: Iterable[str]) -> Versions:
    """The present versions; 0 for a topic that never changed. Uses a connection of its own, given back at once."""
    asked = dict.fromkeys(topics, 0)
    with db.engine.connect() as connection:
        rows = connection.execute(sa.select(LiveTopic.topic, LiveTopic.version).where(LiveTopic.topic.in_(list(asked))))
        return asked | {topic: version for topic, version in rows}


def changes(topics: Iterable[str], since: Mapping[str, int]) -> Versions:
    """Those of the topics that changed since the versions given, with their present versions."""
    return newer(versions(topics), since)


def newer(present: Mapping[str, int], since: Mapping[str, int]) -> Versions:
    """The entries of `present` that are later than in `since`."""
    return {topic: version for topic, version in present.items() if version > since.get(topic, 0)}


def clean(older_than_ms: int) -> int:
    """Forget topics unchanged since this instant (milliseconds): a new change starts above it anyway."""
    result = session.execute(sa.delete(LiveTopic).where(LiveTopic.version < older_than_ms))
    return int(getattr(result, "rowcount", 0))


@event.listens_for(Session, "before_commit")
def _raise_counters(current: Session) -> None:
    if current.in_nested_transaction():
        return
    topics = sorted(current.info.pop("live_topics", ()))  # sorted: two transactions lock in one order
    if not topics:
        return
    dialect = current.get_bind().dialect.name
    now = time.time_ns() // 1_000_000
    if dialect == "postgresql":
        current.connection().execute(_RAISE_AND_NOTIFY, {"topics": topics, "version": now})
    else:
        current.connection().execute(_RAISE, [{"topic": topic, "version": now} for topic in topics])


@event.listens_for(Session, "after_soft_rollback")
def _forget(current: Session, previous: Any) -> None:
    if previous.nested is False:
        current.info.pop("live_topics", None)


def _raise() -> Any:
    statement = sqlite.insert(table(LiveTopic))
    raised = sa.func.max(statement.excluded.version, LiveTopic.version + 1)
    return statement.on_conflict_do_update(index_elements=["topic"], set_={"version": raised})


def _raise_and_notify() -> Any:
    """All topics in one statement, which also rings: equal notes of one transaction are one (PostgreSQL, NOTIFY)."""
    topics = sa.func.unnest(sa.bindparam("topics", type_=postgresql.ARRAY(sa.String))).column_valued("topic")
    rows = sa.select(topics, sa.bindparam("version", type_=sa.BigInteger))
    statement = postgresql.insert(table(LiveTopic)).from_select(["topic", "version"], rows)
    raised = sa.func.greatest(statement.excluded.version, LiveTopic.version + 1)
    ring = sa.func.pg_notify(CHANNEL, "")
    return statement.on_conflict_do_update(index_elements=["topic"], set_={"version": raised}).returning(ring)


_RAISE, _RAISE_AND_NOTIFY = _raise(), _raise_and_notify()
"""Built once: a statement of many rows would be compiled anew at each commit."""
