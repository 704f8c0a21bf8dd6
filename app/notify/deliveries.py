"""Messages that leave the house (外发消息): written with the act that causes them, sent by a job, logged for good.

`send` writes the row and the job in the caller's transaction; `sending` is the job. What became of it is told to
whoever follows deliveries about that kind of subject (`follow`); of subjects that nobody follows the message
`delivery_done` (correlation `delivery_id`) is published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.engine import api as engine
from app.kernel import jobs, live
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import is_sqlite, session
from app.notify import channels
from app.notify.models import Delivery

KIND = "notify.deliver"
"""The job that sends one message, however often it takes (`sending`)."""

LOTS = "notify.deliver_lot"
"""The job that sends many, each once."""

LOT = 25
FINAL = frozenset({"sent", "failed", "withdrawn"})
CHUNK = 500
"""Rows of one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A message to be sent once: `key` makes it one, `subject_type` and `subject_id` say what it is about."""

    channel: str
    to: str
    text: str
    key: str
    subject: str = ""
    language: str = "zh"
    subject_type: str = ""
    subject_id: str = ""
    unit_path: str = "/"


Follower = Callable[[Delivery, datetime], None]
"""`follower(delivery, now)`: it was sent or failed; called in the transaction that notes so."""

_followers: dict[str, Follower] = {}


def follow(subject_type: str, follower: Follower) -> None:
    """Tell `follower` what becomes of deliveries about this type of subject."""
    _followers[subject_type] = follower


def send(
    *,
    channel: str,
    to: str,
    text: str,
    key: str,
    subject: str = "",
    subject_type: str = "",
    subject_id: str = "",
    unit_path: str = "/",
    actor: Actor,
    now: datetime,
) -> int:
    """Have a message sent once; returns the delivery's id. A key used before is the same delivery."""
    wanted = Wanted(
        channel=channel,
        to=to,
        text=text,
        key=key,
        subject=subject,
        subject_type=subject_type,
        subject_id=str(subject_id),
        unit_path=unit_path,
    )
    return send_all([wanted], actor=actor, now=now)[key]


def send_all(wanted: Sequence[Wanted], *, actor: Actor, now: datetime) -> dict[str, int]:
    """`send` for many in three statements: the deliveries' ids by key."""
    found: dict[str, int] = {}
    for place in range(0, len(wanted), CHUNK):
        some = wanted[place : place + CHUNK]
        rows = [_row(one, actor, now) for one in some]
        insert = (sqlite if is_sqlite() else postgresql).insert(Delivery)
        session.execute(insert.on_conflict_do_nothing(index_elements=["key"]), rows)
        query = sa.select(Delivery.key, Delivery.id).where(Delivery.key.in_([one.key for one in some]))
        written = {key: delivery for key, delivery in session.execute(query)}
        _enqueue(list(written.values()), now)
        found |= written
    return found


def _enqueue(ids: Sequence[int], now: datetime) -> None:
    """One message has a job of its own, many go in lots."""
    if len(ids) == 1:
        jobs.enqueue(KIND, {"delivery": ids[0]}, now=now, key=f"delivery:{ids[0]}")
        return
    lots = [list(ids[place : place + LOT]) for place in range(0, len(ids), LOT)]
    jobs.enqueue_many(LOTS, {f"deliveries:{lot[0]}": {"deliveries": lot} for lot in lots}, now=now)


def _row(wanted: Wanted, actor: Actor, now: datetime) -> dict[str, Any]:
    return {
        "channel": wanted.channel,
        "recipient": wanted.to.strip(),
        "subject": wanted.subject,
        "text": wanted.text,
        "key": wanted.key,
        "subject_type": wanted.subject_type,
        "subject_id": wanted.subject_id,
        "unit_path": wanted.unit_path,
        "language": wanted.language,
        "state": "queued",
        "attempts": 0,
        "by": actor.ref,
        "created_at": now,
    }


def withdraw(ids: Iterable[int], *, now: datetime) -> set[int]:
    """These messages no longer hold: whatever is not out yet stays in the house. Returns which are withdrawn.

    One that is going out at this very moment is on record as sent once its sender says so. Rows that somebody
    else is just noting the end of are passed over.
    """
    wanted, withdrawn = sorted(set(ids)), set[int]()
    for place in range(0, len(wanted), CHUNK):
        query = sa.select(Delivery.id, Delivery.channel, Delivery.key, Delivery.state).where(
            Delivery.id.in_(wanted[place : place + CHUNK]), Delivery.state.in_(("queued", "handed"))
        )
        rows = session.execute(query.order_by(Delivery.id).with_for_update(skip_locked=True)).all()
        for row in rows:
            if row.state == "handed":
                channels.recall(row.channel, row.key, now=now)
        change = sa.update(Delivery).where(Delivery.id.in_([row.id for row in rows]))
        session.execute(change.values(state="withdrawn", finished_at=now).execution_options(synchronize_session=False))
        withdrawn |= {row.id for row in rows}
    return withdrawn


def is_withdrawn(delivery_id: int | None) -> bool:
    """Whether a message that was handed over shall not go out any more."""
    if delivery_id is None:
        return False
    return session.scalar(sa.select(Delivery.state).where(Delivery.id == delivery_id)) == "withdrawn"


def report(
    delivery_id: int,
    *,
    state: str,
    reason: str = "",
    error: str = "",
    ref: str = "",
    details: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """What became of a delivery: `sent`, `handed` or `failed` (`reason`: see `failures`). Told twice, the first counts.

    `details` are what the channel learned (the day that somebody promised on the telephone): a waiting process is
    told them as `delivery_details`.

    One that went out while it was being withdrawn was sent all the same.
    """
    row = session.get(Delivery, delivery_id)
    if row is None or (row.state in FINAL and not (row.state == "withdrawn" and state == "sent")):
        return
    row.state, row.reason, row.error, row.ref = state, reason, error[:300], ref[:120] or row.ref
    row.finished_at = now if state in FINAL else None
    live.touch(f"deliveries:{row.subject_type}:{row.subject_id}")
    if state in FINAL:
        session.flush()
        _tell(row, details or {}, now)


def _tell(row: Delivery, details: Mapping[str, Any], now: datetime) -> None:
    follower = _followers.get(row.subject_type)
    if follower is not None:
        follower(row, now)
        return
    told = {"delivery_state": row.state, "delivery_error": row.error, "delivery_details": dict(details)}
    engine.publish("delivery_done", correlation={"delivery_id": row.id}, payload=told, actor=SYSTEM, now=now)
