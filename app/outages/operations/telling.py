"""Tell the customers of a notice one by one, in batches: ten thousand people hold nobody up.

A chain of jobs `outages.tell`: each tells a batch, in the transaction that moves the notice's cursor and
writes the next job. Whoever may not be disturbed now waits in `outage_told` until their quiet hours end.
Where a message does not arrive the next way is tried (`follow_up`). Whoever stops a notice (`stop`) locks its row
first, as every batch does: after that nobody is told by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.customers.queries.reach import Reach, Way, how_to_reach_all
from app.kernel import jobs, live
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.registry import registry
from app.notify import deliveries
from app.notify.deliveries import Wanted
from app.notify.models import Delivery
from app.outages.handling_rules import telling_rules
from app.outages.models import Outage, OutageNotice, OutageTold
from app.outages.operations import recipients, warning
from app.outages.queries.notices import key_of

KIND = "outages.tell"
LATER = "outages.tell_later"
SUBJECT = "outage_notice"
HELD = timedelta(minutes=1)
"""How long telling pauses while a person looks at the draft that will overtake it."""

Values = dict[str, Any]


def begin_telling(notice: OutageNotice, *, now: datetime) -> None:
    """Write the first job of a notice, where customers are told one by one."""
    if not notice.tell or not notice.recipients:
        notice.cursor = None
        return
    notice.cursor = 0
    session.flush()
    jobs.enqueue(KIND, {"notice": notice.id, "after": 0}, now=now, key=f"outage-tell:{notice.id}:0")


def unfinished(ids: Collection[int]) -> list[int]:
    """Those of these notices of which somebody is still to be told."""
    open_states = Delivery.state.in_(("queued", "handed"))
    waits = (
        sa.select(OutageTold.id)
        .outerjoin(Delivery, Delivery.id == OutageTold.delivery_id)
        .where(
            OutageTold.notice_id == OutageNotice.id,
            sa.or_(OutageTold.state == "waiting", sa.and_(OutageTold.state == "handed", open_states)),
        )
    )
    query = sa.select(OutageNotice.id).where(
        OutageNotice.id.in_(ids), sa.or_(OutageNotice.cursor.is_not(None), waits.exists())
    )
    return list(session.scalars(query.order_by(OutageNotice.id)))


def stop(ids: Collection[int], *, now: datetime) -> None:
    """Tell nobody any more of these notices: what waits, at home or with a sender, does not go out."""
    if not ids:
        return
    halted = sa.update(OutageNotice).where(OutageNotice.id.in_(ids), OutageNotice.stopped_at.is_(None))
    session.execute(halted.values(cursor=None, stopped_at=now), execution_options={"synchronize_session": "fetch"})
    out = (
        sa.select(OutageTold.delivery_id)
        .join(Delivery, Delivery.id == OutageTold.delivery_id)
        .where(OutageTold.notice_id.in_(ids), OutageTold.state == "handed", Delivery.state.in_(("queued", "handed")))
    )
    withdrawn = deliveries.withdraw([key for key in session.scalars(out) if key is not None], now=now)
    _overtaken(OutageTold.notice_id.in_(ids), OutageTold.state == "waiting")
    for place in range(0, len(withdrawn), deliveries.CHUNK):
        _overtaken(OutageTold.delivery_id.in_(sorted(withdrawn)[place : place + deliveries.CHUNK]))


def _overtaken(*where: sa.ColumnElement[bool]) -> None:
    change = sa.update(OutageTold).where(*where).values(state="overtaken")
    session.execute(change.execution_options(synchronize_session=False))


def _gave_up(payload: Mapping[str, Any], error: str, now: datetime) -> None:  # noqa: ARG001 - a job's form
    """A batch failed for good: somebody must know that the rest is told nothing."""
    notice = session.get(OutageNotice, int(payload["notice"]))
    if notice is not None and notice.stopped_at is None:
        outage = session.get_one(Outage, notice.outage_id)
        warning.warn(outage, "telling", "supervisor", key=str(notice.id), actor=SYSTEM, now=now)


@registry.job(KIND, on_dead=_gave_up)
def tell_batch(payload: Mapping[str, Any], now: datetime) -> None:
    """Tell the next batch and write the job of the one after it."""
    notice = _locked(payload)
    if notice is None or notice.cursor is None or notice.cursor != int(payload["after"]):
        return
    if _held(notice, now):
        key = f"outage-tell:{notice.id}:{notice.cursor}:{now.isoformat()}"
        jobs.enqueue(KIND, {"notice": notice.id, "after": notice.cursor}, now=now, run_at=now + HELD, key=key)
        return
    size = telling_rules().batch
    found = recipients.batch(notice, after=notice.cursor, limit=size + 1)
    ids = found[:size]
    values = _reached(notice, ids, {}, now)
    if values:
        session.execute(sa.insert(OutageTold), [{**one, "customer_id": key} for key, one in values.items()])
    notice.cursor = ids[-1] if len(found) > size else None
    _wake(notice, values.values(), f"after-{payload['after']}")
    if notice.cursor is not None:
        job = {"notice": notice.id, "after": notice.cursor}
        jobs.enqueue(KIND, job, now=now, key=f"outage-tell:{notice.id}:{notice.cursor}")
    live.touch(f"outage:{notice.outage_id}")
    session.flush()


@registry.job(LATER, on_dead=_gave_up)
def tell_later(payload: Mapping[str, Any], now: datetime) -> None:
    """Tell those of a notice whose quiet hours are over; too late, they are told no more."""
    notice = _locked(payload)
    if notice is None or notice.stopped_at is not None:
        return
    if _held(notice, now):
        _again(notice, now + HELD, "held")
        return
    size = telling_rules().batch
    waiting = (
        sa.select(OutageTold)
        .where(OutageTold.notice_id == notice.id, OutageTold.state == "waiting", OutageTold.at <= now)
        .order_by(OutageTold.id)
        .limit(size)
    )
    rows = session.scalars(waiting).all()
    values = _reached(notice, [row.customer_id for row in rows], {row.customer_id: row.tries for row in rows}, now)
    for row in rows:
        for name, value in values[row.customer_id].items():
            setattr(row, name, value)
    _wake(notice, values.values(), f"later-{rows[0].id if rows else 0}")
    if len(rows) == size:
        _again(notice, now, str(rows[-1].id))
    live.touch(f"outage:{notice.outage_id}")
    session.flush()


def _again(notice: OutageNotice, at: datetime, mark: str) -> None:
    key = f"outage-tell-later:{notice.id}:{at.isoformat()}:{mark}"
    jobs.enqueue(LATER, {"notice": notice.id}, now=at, run_at=at, key=key)


def follow_up(delivery: Delivery, now: datetime) -> None:
    """A message of a notice was sent, or failed: then the customer's next way is tried, if the notice still holds."""
    if delivery.state != "failed":
        return
    row = session.scalar(
        sa.select(OutageTold).where(OutageTold.delivery_id == delivery.id, OutageTold.state == "handed")
    )
    if row is None or row.tries >= telling_rules().ways:
        return
    notice = session.get_one(OutageNotice, row.notice_id, with_for_update={"read": True}, populate_existing=True)
    if notice.stopped_at is not None:
        return
    (values,) = _reached(notice, [row.customer_id], {row.customer_id: row.tries}, now).values()
    if values["state"] == "unreachable":
        return  # no further way: it stays on record as failed, with the reason of the last
    for name, value in values.items():
        setattr(row, name, value)
    _wake(notice, [values], f"try-{row.id}")
    session.flush()


def _locked(payload: Mapping[str, Any]) -> OutageNotice | None:
    return session.get(OutageNotice, int(payload["notice"]), with_for_update=True, populate_existing=True)


def _held(notice: OutageNotice, now: datetime) -> bool:
    """Whether a person looks at a draft that says something newer; not for longer than they have."""
    newer = sa.select(OutageNotice.id).where(
        OutageNotice.outage_id == notice.outage_id,
        OutageNotice.id > notice.id,
        OutageNotice.state == "draft",
        OutageNotice.due_at > now,
    )
    return session.scalar(newer.limit(1)) is not None


def _reached(notice: OutageNotice, ids: Sequence[int], tries: Mapping[int, int], now: datetime) -> dict[int, Values]:
    """What `outage_told` says of each customer now; whoever can be told now is handed to their channel.

    `tries` are those who were told before by a way that led nowhere.
    """
    late = now - (notice.entered_at or now) > timedelta(days=telling_rules().late_after_days)
    standing = recipients.standing(notice, ids)
    asked = [key for key in ids if standing[key] == ""] if not late else []
    reaches = how_to_reach_all(asked, notice.purpose, now, tried=_tried(notice, tries)) if asked else {}
    values = {
        key: _values(reaches.get(key), "too_late" if late else standing[key], now)
        | {"notice_id": notice.id, "delivery_id": None, "tries": tries.get(key, 0)}
        for key in ids
    }
    wanted = {key: _wanted(notice, key, reaches[key], tries.get(key, 0)) for key in ids if not values[key]["state"]}
    numbers = recipients.numbers([key for key in wanted if reaches[key].channel == "phone"])
    handed = deliveries.send_all(
        [Wanted(**one, **_subject(notice, reaches[key], numbers.get(key, ""))) for key, one in wanted.items()],
        actor=SYSTEM,
        now=now,
    )
    for key, one in wanted.items():
        values[key] |= {"state": "handed", "delivery_id": handed[one["key"]], "tries": tries.get(key, 0) + 1}
    return values


def _values(reach: Reach | None, why: str, now: datetime) -> Values:
    """Of one customer; an empty state says that they are to be told now."""
    plain = {"channel": "", "language": "zh", "why": why, "at": now}
    if why == "restored":
        return {**plain, "state": "overtaken"}
    if why or reach is None:
        return {**plain, "state": "unreachable", "why": why or "no_customer"}
    told = {**plain, "channel": reach.channel, "language": reach.language, "why": reach.why, "at": reach.at or now}
    return {**told, "state": "" if reach.now(now) else "waiting" if reach.channel else "unreachable"}


def _wanted(notice: OutageNotice, customer_id: int, reach: Reach, tries: int) -> Values:
    return {
        "channel": reach.channel,
        "to": reach.address,
        "text": notice.text_en if reach.language == "en" else notice.text,
        "language": reach.language,
        "key": key_of(notice.id, customer_id, tries + 1),
        "subject_type": SUBJECT,
        "subject_id": str(notice.id),
        "unit_path": notice.unit_path,
    }


def _subject(notice: OutageNotice, reach: Reach, account: str) -> dict[str, str]:
    """Of a call its purpose and the account that is asked about right before dialling."""
    if reach.channel == "phone":
        return {"subject": f"phone:{notice.purpose} {account}"}
    number = str(notice.facts.get("zh", {}).get("number", ""))
    return {"subject": f"Outage {number}" if reach.language == "en" else f"停电信息 {number}"}


def _tried(notice: OutageNotice, tries: Mapping[int, int]) -> dict[int, Set[Way]]:
    """The ways that led nowhere, by customer."""
    keys = {key_of(notice.id, key, n): key for key, made in tries.items() for n in range(1, made + 1)}
    if not keys:
        return {}
    found: dict[int, set[Way]] = {}
    query = sa.select(Delivery.key, Delivery.channel, Delivery.recipient).where(Delivery.key.in_(list(keys)))
    for key, channel, recipient in session.execute(query):
        found.setdefault(keys[key], set()).add((channel, recipient))
    return {key: ways for key, ways in found.items()}


def _wake(notice: OutageNotice, values: Iterable[Values], mark: str) -> None:
    """One job for each instant at which quiet hours end. `mark` says whose: a job that ran is not run again."""
    for until in sorted({one["at"] for one in values if one["state"] == "waiting"}):
        _again(notice, until, mark)


def register() -> None:
    """Hear what becomes of the messages."""
    deliveries.follow(SUBJECT, follow_up)
