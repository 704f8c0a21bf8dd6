"""Bring the number of fictive customers up to a count, past the operations: ten thousand and more at a time.

Goes on where an earlier load ended. Each batch is a transaction of its own; on PostgreSQL the
index of words is made anew after a large load, which takes a fraction of the time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

import sqlalchemy as sa

from app.customers.fictive import rows
from app.customers.fictive.household import Household, household
from app.customers.fictive.registers import month_starts
from app.customers.fictive.rows import SOURCE, Settled
from app.customers.fictive.writing import next_id, settle_sequence, write
from app.customers.models import Contact, Customer, Meter, Premises, Reading, ReadingSegment
from app.customers.search import index
from app.identity.queries import UnitView
from app.kernel import db
from app.kernel.db import session, table

BATCH = 10_000
MANY = 50_000
"""From so many new customers on, the index of words is dropped and made anew (PostgreSQL)."""

MONTHS = 24

Chosen = tuple[int, Household, UnitView]

Follower = Callable[[Sequence[Settled], list[date]], None]
"""What another package adds for a batch of new customers (bills), in the same transaction."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load made, and in how many seconds."""

    customers: int
    readings: int
    seconds: float


def load(
    number: int,
    units: Sequence[UnitView],
    *,
    now: datetime,
    months: int = MONTHS,
    follow: Sequence[Follower] = (),
    unit_of: Callable[[int], int] | None = None,
) -> Loaded:
    """Make customers until there are `number` fictive ones, over these units, with readings of `months` months.

    `unit_of` says which of the units supplies customer `n`; by default they take turns.
    """
    begun, readings = time.perf_counter(), 0
    present = session.scalar(sa.select(sa.func.count()).where(Customer.source == SOURCE)) or 0
    session.rollback()
    days, large = month_starts(now.date(), months + 1), number - present >= MANY
    if large:
        db.run(index.pause)
    for first in range(present, number, BATCH):
        wanted = range(first, min(first + BATCH, number))
        chosen = _choose(wanted, units, unit_of, 50 if number < MANY else 500)
        readings += db.run(lambda chosen=chosen: _batch(chosen, days, follow, now))  # type: ignore[misc]
    if large:
        db.run(_index_again)
    return Loaded(max(0, number - present), readings, time.perf_counter() - begun)


def _choose(
    wanted: range, units: Sequence[UnitView], unit_of: Callable[[int], int] | None, per_segment: int
) -> list[Chosen]:
    places = [(n, units[(unit_of(n) if unit_of else n) % len(units)]) for n in wanted]
    return [(n, household(n, unit.code, per_segment=per_segment), unit) for n, unit in places]


def _batch(chosen: Sequence[Chosen], days: list[date], follow: Sequence[Follower], now: datetime) -> int:
    """Write one batch; customer, premises and meter have one id. Returns how many readings were written."""
    first = max(next_id(table(model)) for model in (Customer, Premises, Meter))
    settled = [Settled(n, first + place, home, unit.path) for place, (n, home, unit) in enumerate(chosen)]
    _segments(settled)
    write(table(Premises), rows.PREMISES, map(rows.premises, settled))
    write(table(Customer), rows.CUSTOMER, (rows.customer(each, now) for each in settled))
    write(table(Contact), rows.CONTACT, _numbered_contacts(settled))
    write(table(Meter), rows.METER, map(rows.meter, settled))
    write(index.table, rows.SEARCH, map(rows.searched, settled, count(next_id(index.table))))
    made = write(table(Reading), rows.READING, _readings(settled, days, next_id(table(Reading))))
    for written in (*map(table, (Premises, Customer, Contact, Meter, Reading)), index.table):
        settle_sequence(written)
    for more in follow:
        more(settled, days)
    return made


def _readings(settled: Sequence[Settled], days: list[date], first: int) -> Iterator[tuple[object, ...]]:
    for place, each in enumerate(settled):
        yield from rows.readings(each, days, first + place * (len(days) + 1))


def _numbered_contacts(settled: Sequence[Settled]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    first = next_id(table(Contact))
    for each in settled:
        found += rows.contacts(each, first + len(found))
    return found


def _segments(settled: Sequence[Settled]) -> None:
    """The rounds of reading that these customers belong to."""
    wanted = {each.home.segment: each for each in settled}
    known = set(session.scalars(sa.select(ReadingSegment.code).where(ReadingSegment.code.in_(wanted))))
    for code, each in sorted(wanted.items()):
        if code not in known:
            round_number = int(code.rpartition("-")[2])
            session.add(
                ReadingSegment(
                    code=code,
                    name=f"{each.home.address[6:9]}第{round_number}抄表段",
                    name_en=f"Round {round_number} of {each.home.unit}",
                    unit_code=each.home.unit,
                    unit_path=each.unit_path,
                    day=round_number % 28 + 1,
                )
            )
    session.flush()


def _index_again() -> None:
    session.execute(sa.text("SET LOCAL maintenance_work_mem = '512MB'"))
    index.resume()
