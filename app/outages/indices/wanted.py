"""What a reader asks of the indices, and the interruptions that this means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.identity.queries import UnitView
from app.identity.queries.validity import within
from app.kernel.db import session
from app.outages.indices.counting import Interruption
from app.outages.indices.reckoning import NO_INTERRUPTION
from app.outages.indices.rules import HOUSEHOLDS, Rules
from app.outages.models import Outage, OutageInterruption

BY = ("unit", "feeder", "month", "quarter", "year", "day", "cause", "nature")
LONGEST = timedelta(days=366 * 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A unit with all below it (`itself`: without), local days from `since` to before `until`, a basis, and filters.

    `feeder`, `cause` and `nature` are codes (None: all). `without_major` leaves major event days out. `n` and
    `more_than` are CEMI's (None: as the rules say).
    """

    unit: UnitView
    since: date
    until: date
    basis: str = HOUSEHOLDS
    by: str = "unit"
    itself: bool = False
    feeder: str | None = None
    cause: str | None = None
    nature: str | None = None
    without_major: bool = False
    n: int | None = None
    more_than: bool | None = None

    @property
    def days(self) -> int:
        return (self.until - self.since).days


def conditions(wanted: Wanted, rules: Rules) -> list[Any]:
    """What the interruptions of ended outages fulfil that are meant; periods apart."""
    found: list[Any] = [
        OutageInterruption.minutes.is_not(None),
        Outage.status.not_in(NO_INTERRUPTION),
        Outage.kind != "non_outage",
        Outage.nature.not_in(rules.not_counted),
        Outage.unit_code == wanted.unit.code if wanted.itself else within(Outage.unit_path, [wanted.unit.path]),
    ]
    for column, value in (
        (Outage.feeder_code, wanted.feeder),
        (Outage.cause, wanted.cause),
        (Outage.nature, wanted.nature),
    ):
        if value is not None:
            found.append(column == value)
    return found


def size(basis: str) -> Any:
    """The column that says how many customers of a basis an interruption concerns."""
    return OutageInterruption.customers if basis == HOUSEHOLDS else OutageInterruption.transformers


def interruptions(
    wanted: Wanted, rules: Rules, *, leaving_out: Collection[date] = (), with_members: bool = False
) -> Sequence[Interruption]:
    """The interruptions that began in the period, by their beginning; `leaving_out` are days that do not count.

    `with_members` also reads who they concern, which CAIFI and CEMI ask.
    """
    number, kept = size(wanted.basis), OutageInterruption
    columns = (
        kept.outage_id, Outage.number, kept.day, kept.out_at, kept.restored_at, kept.minutes, number, Outage.nature,
        Outage.cause, Outage.unit_code, Outage.unit_path, Outage.feeder_code,
        kept.members if with_members else sa.literal(b"", sa.LargeBinary),
    )  # fmt: skip
    query = (
        sa.select(*columns)
        .join(Outage, Outage.id == kept.outage_id)
        .where(*conditions(wanted, rules), kept.day >= wanted.since, kept.day < wanted.until, number > 0)
        .order_by(kept.out_at, kept.id)
    )
    gone = frozenset(leaving_out)
    return [Interruption(*row) for row in session.execute(query) if row[2] not in gone]


def still_out(wanted: Wanted, rules: Rules) -> int:
    """Customers of interruptions that began in the period and last: they count once they have ended."""
    number, kept = size(wanted.basis), OutageInterruption
    open_ = [kept.minutes.is_(None), *conditions(wanted, rules)[1:]]
    query = (
        sa.select(sa.func.sum(number))
        .join(Outage, Outage.id == kept.outage_id)
        .where(*open_, kept.day >= wanted.since, kept.day < wanted.until)
    )
    return int(session.scalar(query) or 0)


def minutes_by_day(wanted: Wanted, rules: Rules, since: date, until: date) -> dict[date, float]:
    """Σrᵢ·Nᵢ of the sustained interruptions of each day, of everything in the unit whatever is filtered."""
    number, kept = size(wanted.basis), OutageInterruption
    whole = Wanted(unit=wanted.unit, since=since, until=until, basis=wanted.basis, itself=wanted.itself)
    query = (
        sa.select(kept.day, sa.func.sum(kept.minutes * number))
        .join(Outage, Outage.id == kept.outage_id)
        .where(*conditions(whole, rules), kept.day >= since, kept.day < until)
        .where(kept.minutes > rules.momentary[wanted.basis])
        .group_by(kept.day)
    )
    return {day: float(minutes) for day, minutes in session.execute(query)}
