"""Reading the feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.feed.limits import LIMITS
from app.customers.feed.models import FeedPosition, FeedSubscriber
from app.customers.models import Customer, CustomerChange
from app.kernel.db import session
from app.kernel.errors import LightlineError


class FeedForgotten(LightlineError):
    """The reader stayed away too long: `details["first"]` is the first position that can still be read."""

    status = 410
    code = "feed_forgotten"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `fields` are the names of what changed; the values are read where they belong."""

    position: int
    at: datetime
    subject: str
    key: str
    customer: str
    act: str
    fields: list[str]
    source: str


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Changes in order; ask next after `next`; `more` says that there is something behind it already."""

    changes: list[Change]
    next: int
    last: int
    more: bool


def read(*, after: int, limit: int = LIMITS.page, paths: Sequence[str], subjects: Sequence[str] = ()) -> FeedPage:
    """The changes behind a position within these units (prefixes of paths). Raises `FeedForgotten`.

    A page looks at `limit` positions and gives those that are the reader's: it may be empty and yet not the last.
    """
    first, last = span()
    if after + 1 < first:
        message = _l(
            "Changes before %(first)s are no longer kept. Read all data anew, then go on from there.", first=first
        )
        raise FeedForgotten(message, first=first, last=last)
    until = min(after + limit, last)
    query = (
        sa.select(CustomerChange, Customer.number)
        .join(Customer, Customer.id == CustomerChange.customer_id)
        .where(CustomerChange.position > after, CustomerChange.position <= until)
        .where(sa.or_(sa.false(), *(Customer.unit_path.startswith(path) for path in paths)))
        .order_by(CustomerChange.position)
    )
    if subjects:
        query = query.where(CustomerChange.subject.in_(subjects))
    found = [_change(row, number) for row, number in session.execute(query)]
    return FeedPage(found, max(until, after), last, until < last)


def span() -> tuple[int, int]:
    """(the first position that can be read, the last that was given)."""
    row = session.execute(sa.select(FeedPosition.first, FeedPosition.last)).first()
    return (row[0], row[1]) if row else (1, 0)


def subscribers() -> list[FeedSubscriber]:
    """All subscribers by name."""
    return list(session.scalars(sa.select(FeedSubscriber).order_by(FeedSubscriber.name)))


def _change(row: CustomerChange, number: str) -> Change:
    position = row.position or 0
    return Change(position, row.at, row.subject, row.subject_key, number, row.act, sorted(row.fields), row.source)
