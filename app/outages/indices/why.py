"""Why an index is what it is: the interruptions behind it, outage by outage, and the quotient they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import sqlalchemy as sa

from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.i18n import localized
from app.outages.indices.counting import Counted, Interruption
from app.outages.indices.figures import NAMES, cemi_base
from app.outages.indices.lines import Lines
from app.outages.indices.report import major_years
from app.outages.indices.rules import HOUSEHOLDS, rules
from app.outages.indices.serving import serving
from app.outages.indices.wanted import Wanted, interruptions
from app.outages.models import Outage

PAGE = 50
SHARES = ("asai", "rs1", "rs2", "rs3")
"""Indices that are one less what is missing."""

SEVERAL = 5
"""From so many interruptions on, customers are told together."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one outage brings: `customers` ΣNᵢ and `minutes` Σrᵢ·Nᵢ over its `parts`, first lost to last restored."""

    outage_id: int
    number: str
    nature: str
    cause: str
    unit_code: str
    begin: datetime
    end: datetime
    parts: int
    customers: int
    minutes: float
    device: str = ""
    feeder: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """`value` is `above` / `below` of the index (shares: 1 less that); `rows` are one page of the `outages` behind it.

    `customers` and `minutes` are the sums over all pages. `times` says how many customers were interrupted how often.
    """

    index: str
    wanted: Wanted
    value: float | None
    above: float
    below: float
    served: float
    hours: float
    counted: Counted
    outages: int
    rows: Sequence[Row]
    page: int
    times: Mapping[int, int]

    @property
    def cemi(self) -> tuple[int, bool]:
        """n, and whether customers with more than n count."""
        n, more_than = self.wanted.n, self.wanted.more_than
        return n or rules().cemi_n, rules().cemi_more_than if more_than is None else more_than

    @property
    def pages(self) -> int:
        return -(-self.outages // PAGE)


def why(wanted: Wanted, index: str, *, page: int = 1, now: datetime) -> Why:
    """What makes this index of a line; `index` is one of the basis' (else its first). The costliest outages first."""
    rules_ = rules()
    index = index if index in NAMES[wanted.basis] else NAMES[wanted.basis][0]
    lines = Lines(wanted, rules_, serving(wanted.basis, unit_path=wanted.unit.path), now)
    today = now.astimezone(LOCAL).date()
    whole = lines.serving.of(wanted.unit.path)
    gone = [day for year in major_years(wanted, rules_, whole, today=today) for day in year.days]
    found = interruptions(
        wanted, rules_, leaving_out=gone if wanted.without_major else (), with_members=wanted.basis == HOUSEHOLDS
    )
    line = lines.line("", wanted, found, lines.served(wanted))
    limit = rules_.momentary[wanted.basis]
    meant = [one for one in found if (one.minutes <= limit) == (index == "maifi")]
    if index == "rs2":
        meant = [one for one in meant if not rules_.external(one.cause)]
    if index == "rs3":
        meant = [one for one in meant if not rules_.shortage(one.nature, one.cause)]
    rows = sorted(_by_outage(meant), key=lambda row: (-row.minutes, row.begin))
    customers, minutes = sum(row.customers for row in rows), sum(row.minutes for row in rows)
    counted = replace(line.counted, interruptions=customers, minutes=minutes)
    above, below = _quotient(index, counted, line.served, line.hours)
    page = min(max(page, 1), max(-(-len(rows) // PAGE), 1))
    return Why(
        index=index,
        wanted=wanted,
        value=line.figures[index],
        above=above,
        below=below,
        served=line.served,
        hours=line.hours,
        counted=counted,
        outages=len(rows),
        rows=_named(rows[(page - 1) * PAGE : page * PAGE]),
        page=page,
        times=_times(meant),
    )


def _quotient(index: str, counted: Counted, served: float, hours: float) -> tuple[float, float]:
    """What is divided by what: `counted` holds the sums of what the index counts."""
    above = {
        "saidi": counted.minutes,
        "caidi": counted.minutes,
        "aihc1": counted.minutes / 60,
        "cemi": counted.frequent,
        **dict.fromkeys(SHARES, counted.minutes),
    }
    below = {
        "caidi": counted.interruptions,
        "caifi": counted.distinct,
        "cemi": cemi_base(counted, served),
        **dict.fromkeys(SHARES, served * hours * 60),
    }
    return above.get(index, counted.interruptions), below.get(index, served)


def _by_outage(found: Sequence[Interruption]) -> list[Row]:
    rows: dict[int, Row] = {}
    for one in found:
        minutes = one.minutes * one.customers
        known = rows.get(one.outage_id)
        if known is None:
            rows[one.outage_id] = Row(
                one.outage_id, one.number, one.nature, one.cause, one.unit_code, one.out_at, one.restored_at, 1,
                one.customers, minutes,
            )  # fmt: skip
        else:
            rows[one.outage_id] = replace(
                known,
                begin=min(known.begin, one.out_at),
                end=max(known.end, one.restored_at),
                parts=known.parts + 1,
                customers=known.customers + one.customers,
                minutes=known.minutes + minutes,
            )
    return list(rows.values())


def _named(rows: Sequence[Row]) -> list[Row]:
    query = sa.select(
        Outage.id, Outage.device_name, Outage.device_name_en, Outage.feeder_name, Outage.feeder_name_en
    ).where(Outage.id.in_([row.outage_id for row in rows]))
    names = {one.id: (localized(one[1], one[2]), localized(one[3], one[4])) for one in session.execute(query)}
    return [replace(row, device=names[row.outage_id][0], feeder=names[row.outage_id][1]) for row in rows]


def _times(found: Sequence[Interruption]) -> dict[int, int]:
    """Customers by how often they were interrupted, `SEVERAL` and more together."""
    together = b"".join(one.members for one in found)
    if not together:
        return {}
    ids = np.frombuffer(together, dtype="<u4")
    often = Counter(np.bincount(ids - ids.min()).tolist())
    found_: Counter[int] = Counter()
    for times, customers in often.items():
        if times:
            found_[min(times, SEVERAL)] += customers
    return dict(sorted(found_.items()))
