"""Tell the customers of a notice one by one, in batches: ten thousand people hold nobody up.

A chain of jobs `outages.tell`: each tells a batch, in the transaction that moves the notice's cursor and
writes the next job. Whoever may not be disturbed now waits in `outage_told` until their quiet hours end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.customers.queries.reach import Reach, how_to_reach
from app.kernel import jobs, live
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.registry import registry
from app.notify import deliveries
from app.outages.handling_rules import telling_rules
from app.outages.models import Outage, OutageNotice, OutageTold
from app.outages.operations import recipients

KIND = "outages.tell"
LATER = "outages.tell_later"
SUBJECT = "outage_notice"


def begin_telling(notice: OutageNotice, *, now: datetime) -> None:
    """Write the first job of a notice, where customers are told one by one."""
    if not notice.tell or not notice.recipients:
        notice.cursor = None
        return
    notice.cursor = 0
    session.flush()
    jobs.enqueue(KIND, {"notice": notice.id, "after": 0}, now=now, key=f"outage-tell:{notice.id}:0")


@registry.job(KIND)
def tell_batch(payload: Mapping[str, Any], now: datetime) -> None:
    """Tell the next batch and write the job of the one after it."""
    notice = session.get(OutageNotice, int(payload["notice"]))
    if notice is None or notice.cursor is None or notice.cursor != int(payload["after"]):
        return
    size = telling_rules().batch
    ids = recipients.batch(notice.outage_id, notice.occasion, after=notice.cursor, limit=size)
    waits = {until for customer_id in ids if (until := _tell(notice, customer_id, now)) is not None}
    notice.cursor = ids[-1] if len(ids) == size else None
    _wake(notice, waits)
    if notice.cursor is not None:
        job = {"notice": notice.id, "after": notice.cursor}
        jobs.enqueue(KIND, job, now=now, key=f"outage-tell:{notice.id}:{notice.cursor}")
    live.touch(f"outage:{notice.outage_id}")
    session.flush()


@registry.job(LATER)
def tell_later(payload: Mapping[str, Any], now: datetime) -> None:
    """Tell those of a notice whose quiet hours are over; too late, they are told no more."""
    notice = session.get(OutageNotice, int(payload["notice"]))
    if notice is None:
        return
    size = telling_rules().batch
    waiting = (
        sa.select(OutageTold)
        .where(OutageTold.notice_id == notice.id, OutageTold.state == "waiting", OutageTold.at <= now)
        .order_by(OutageTold.id)
        .limit(size)
    )
    rows = session.scalars(waiting).all()
    waits = {until for row in rows if (until := _again(notice, row, now)) is not None}
    _wake(notice, waits)
    if len(rows) == size:
        job = {"notice": notice.id, "until": str(payload.get("until", "")), "more": rows[-1].id}
        jobs.enqueue(LATER, job, now=now, key=f"outage-tell-later:{notice.id}:{now.isoformat()}:{rows[-1].id}")
    live.touch(f"outage:{notice.outage_id}")
    session.flush()


def _tell(notice: OutageNotice, customer_id: int, now: datetime) -> datetime | None:
    """Tell one customer; returns until when they must not be disturbed, None where it is settled."""
    known = sa.select(OutageTold.id).where(OutageTold.notice_id == notice.id, OutageTold.customer_id == customer_id)
    if session.scalar(known) is not None:
        return None
    row = OutageTold(notice_id=notice.id, customer_id=customer_id, state="waiting", at=now)
    session.add(row)
    return _reach(notice, row, now)


def _again(notice: OutageNotice, row: OutageTold, now: datetime) -> datetime | None:
    entered = notice.entered_at or now
    if now - entered > timedelta(days=telling_rules().late_after_days):
        row.state, row.why = "unreachable", "too_late"
        return None
    return _reach(notice, row, now)


def _reach(notice: OutageNotice, row: OutageTold, now: datetime) -> datetime | None:
    try:
        reach = how_to_reach(row.customer_id, notice.purpose, now)
    except NotFound:
        row.state, row.why = "unreachable", "no_customer"
        return None
    row.channel, row.language, row.at = reach.channel, reach.language, reach.at or now
    if not reach.channel:
        row.state, row.why = "unreachable", reach.why
        return None
    if not reach.now(now):
        row.state = "waiting"
        return row.at
    row.delivery_id = _hand_over(notice, row.customer_id, reach, now)
    row.state = "handed"
    return None


def _hand_over(notice: OutageNotice, customer_id: int, reach: Reach, now: datetime) -> int:
    number = str(notice.facts.get("zh", {}).get("number", ""))
    english = reach.language == "en"
    return deliveries.send(
        channel=reach.channel,
        to=reach.address,
        text=notice.text_en if english else notice.text,
        subject=f"Outage {number}" if english else f"停电信息 {number}",
        key=f"outage-notice:{notice.id}:{customer_id}",
        subject_type=SUBJECT,
        subject_id=str(notice.id),
        unit_path=notice.unit_path,
        actor=SYSTEM,
        now=now,
    )


def _wake(notice: OutageNotice, waits: set[datetime]) -> None:
    """One job for each instant at which quiet hours end."""
    for until in sorted(waits):
        job = {"notice": notice.id, "until": until.isoformat()}
        jobs.enqueue(LATER, job, now=until, run_at=until, key=f"outage-tell-later:{notice.id}:{until.isoformat()}")


def outage_of(notice: OutageNotice) -> Outage:
    """The outage a notice is about."""
    return session.get_one(Outage, notice.outage_id)
