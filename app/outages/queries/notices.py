"""The notices of an outage: what was said, to how many by which way, and to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.customers.models import Customer
from app.kernel.db import session
from app.kernel.i18n import localized
from app.notify.models import Delivery
from app.outages.models import OutageNotice, OutageTold

STATE: sa.ColumnElement[str] = sa.case(
    (Delivery.state == "sent", "sent"),
    (OutageTold.state != "handed", OutageTold.state),
    (Delivery.state == "failed", "failed"),
    (Delivery.state == "withdrawn", "overtaken"),
    else_="queued",
)
"""What became of telling one customer: waiting, queued (its channel has it), sent, failed, unreachable, overtaken.

The delivery knows where there is one; what went out while it was taken back is sent."""

SUMS = {
    "told": ("sent",),
    "under_way": ("queued",),
    "waiting": ("waiting",),
    "failed": ("failed",),
    "unreachable": ("unreachable",),
    "needless": ("overtaken",),
}
"""The states that are counted together."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many were told by a way, with this outcome."""

    channel: str
    state: str
    n: int


def key_of(notice_id: int, customer_id: int, n: int) -> str:
    """The key of the n-th delivery, counted from one, of a notice to a customer."""
    return f"outage-notice:{notice_id}:{customer_id}" + (f":{n}" if n > 1 else "")


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice in the reader's language. `open` is True while customers are still being told in batches."""

    id: int
    kind: str
    occasion: str
    state: str
    text: str
    recipients: int
    tell: bool
    telling: bool
    caused_at: datetime
    due_at: datetime
    entered_at: datetime | None
    by: str
    by_ref: str
    counts: tuple[Count, ...]

    @property
    def late(self) -> bool:
        """Whether it was entered after its limit."""
        return self.entered_at is not None and self.entered_at > self.due_at

    @property
    def numbers(self) -> dict[str, int]:
        """How many customers were told, are on the way, wait, failed, cannot be reached, need not be told any more;
        `left` are those whose turn has not come."""
        found = {name: self.n(*states) for name, states in SUMS.items()}
        found["left"] = max(0, self.recipients - sum(found.values())) if self.telling else 0
        return found

    @property
    def settled(self) -> int:
        """How many customers there is nothing more to do about."""
        return self.n(*SUMS["told"], *SUMS["failed"], *SUMS["unreachable"], *SUMS["needless"])

    def n(self, *states: str) -> int:
        """How many customers are in these states."""
        return sum(count.n for count in self.counts if count.state in states)


@dataclass(frozen=True, slots=True)
class TriedView:
    """A way that led nowhere, and why. `recipient` is unmasked."""

    channel: str
    recipient: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ToldView:
    """One customer and one notice. `recipient` and `name` are unmasked: whoever shows them masks them.

    `tried` are the ways before the one that is shown.
    """

    id: int
    notice_id: int
    occasion: str
    customer_id: int
    customer: str
    name: str
    channel: str
    recipient: str
    state: str
    why: str
    at: datetime
    finished_at: datetime | None
    reason: str
    tried: tuple[TriedView, ...] = ()


def notices_of(outage_id: int, *, limit: int = 50) -> list[NoticeView]:
    """The notices of an outage, the newest first."""
    rows = session.scalars(
        sa.select(OutageNotice).where(OutageNotice.outage_id == outage_id).order_by(OutageNotice.id.desc()).limit(limit)
    ).all()
    counts = _counts([row.id for row in rows])
    return [
        NoticeView(
            id=row.id,
            kind=row.kind,
            occasion=row.occasion,
            state=row.state,
            text=localized(row.text, row.text_en),
            recipients=row.recipients,
            tell=row.tell,
            telling=row.cursor is not None and row.state == "entered",
            caused_at=row.caused_at,
            due_at=row.due_at,
            entered_at=row.entered_at,
            by=row.by_name or row.by,
            by_ref=row.by,
            counts=tuple(counts.get(row.id, ())),
        )
        for row in rows
    ]


def told_of(
    outage_id: int, *, notice_id: int | None = None, state: str = "", channel: str = "", after: int = 0, limit: int = 50
) -> list[ToldView]:
    """Who was told, by customer; `after` continues a page by its last id."""
    query = (
        sa.select(OutageTold, OutageNotice.occasion, Customer.number, Customer.name, Delivery, STATE)
        .join(OutageNotice, OutageNotice.id == OutageTold.notice_id)
        .join(Customer, Customer.id == OutageTold.customer_id)
        .outerjoin(Delivery, Delivery.id == OutageTold.delivery_id)
        .where(OutageNotice.outage_id == outage_id, OutageTold.id > after)
    )
    if notice_id is not None:
        query = query.where(OutageTold.notice_id == notice_id)
    if state:
        query = query.where(STATE.in_([state]))
    if channel:
        query = query.where(OutageTold.channel == channel)
    rows = session.execute(query.order_by(OutageTold.id).limit(limit)).all()
    tried = _tried([row[0] for row in rows])
    return [
        ToldView(
            id=row.id,
            notice_id=row.notice_id,
            occasion=occasion,
            customer_id=row.customer_id,
            customer=number,
            name=name,
            channel=row.channel,
            recipient=delivery.recipient if delivery else "",
            state=found,
            why=row.why,
            at=delivery.created_at if delivery else row.at,
            finished_at=delivery.finished_at if delivery else None,
            reason=delivery.reason if delivery else "",
            tried=tuple(tried.get(row.id, ())),
        )
        for row, occasion, number, name, delivery, found in rows
    ]


def _tried(rows: Sequence[OutageTold]) -> dict[int, list[TriedView]]:
    """The ways of these rows that led nowhere: all but the delivery that each holds."""
    keys = {key_of(row.notice_id, row.customer_id, n): row for row in rows for n in range(1, row.tries + 1)}
    several = [key for key, row in keys.items() if row.tries > 1 or row.delivery_id is None]
    found: dict[int, list[TriedView]] = {}
    if several:
        query = sa.select(Delivery).where(Delivery.key.in_(several)).order_by(Delivery.id)
        for one in session.scalars(query):
            row = keys[one.key]
            if one.id != row.delivery_id:
                view = TriedView(one.channel, one.recipient, one.reason, one.finished_at or one.created_at)
                found.setdefault(row.id, []).append(view)
    return found


def told_to(customer_id: int, *, limit: int = 50) -> list[tuple[str, ToldView]]:
    """What a customer was told of outages, the newest first."""
    query = (
        sa.select(OutageTold, OutageNotice, Delivery, STATE)
        .join(OutageNotice, OutageNotice.id == OutageTold.notice_id)
        .outerjoin(Delivery, Delivery.id == OutageTold.delivery_id)
        .where(OutageTold.customer_id == customer_id)
        .order_by(OutageTold.id.desc())
        .limit(limit)
    )
    found = []
    for row, notice, delivery, state in session.execute(query):
        told = ToldView(
            id=row.id,
            notice_id=row.notice_id,
            occasion=notice.occasion,
            customer_id=customer_id,
            customer="",
            name="",
            channel=row.channel,
            recipient=delivery.recipient if delivery else "",
            state=state,
            why=row.why,
            at=delivery.created_at if delivery else row.at,
            finished_at=delivery.finished_at if delivery else None,
            reason=delivery.reason if delivery else "",
        )
        found.append((localized(notice.text, notice.text_en), told))
    return found


def _counts(ids: list[int]) -> dict[int, list[Count]]:
    found: dict[int, list[Count]] = {}
    if not ids:
        return found
    rows = session.execute(
        sa.select(OutageTold.notice_id, OutageTold.channel, STATE, sa.func.count())
        .outerjoin(Delivery, Delivery.id == OutageTold.delivery_id)
        .where(OutageTold.notice_id.in_(ids))
        .group_by(OutageTold.notice_id, OutageTold.channel, STATE)
        .order_by(OutageTold.channel)
    )
    for notice_id, channel, state, n in rows:
        found.setdefault(notice_id, []).append(Count(channel, state, n))
    return found
