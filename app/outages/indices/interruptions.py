"""From who was out to interruptions: groups of customers who lost supply and got it back at the same instants.

Pure. An outage and those nested in it (somebody was still out when it was thought restored) are looked at together:
what overlaps of one customer is one interruption, counted with the outage that ended it last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

K = TypeVar("K")
Span = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Lost:
    """A customer without supply in an outage, from `out_at`; `restored_at` is None while it lasts."""

    outage_id: int
    customer_id: int
    transformer: str
    out_at: datetime
    restored_at: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """Customers (ids, rising) of an outage with the same interruption; `transformers` that were without supply so."""

    outage_id: int
    out_at: datetime
    restored_at: datetime | None
    customers: tuple[int, ...]
    transformers: int


def groups(rows: Iterable[Lost], *, whole: Collection[tuple[int, str]]) -> list[Group]:
    """The interruptions of a family of outages, in the order of their beginning.

    `whole` are the outages with the transformers that they left without supply as a whole; no others count as one.
    """
    rows = list(rows)
    people: dict[tuple[int, datetime, datetime | None], list[int]] = defaultdict(list)
    for customer, spans in _by(rows, lambda row: row.customer_id).items():
        for span, outage_id in spans:
            people[outage_id, *span].append(customer)
    transformers: dict[tuple[int, datetime, datetime | None], int] = defaultdict(int)
    at_ten_kv = [row for row in rows if (row.outage_id, row.transformer) in whole]
    for outage_id in {row.outage_id for row in at_ten_kv}:
        own = [row for row in at_ten_kv if row.outage_id == outage_id]
        for spans in _by(own, lambda row: row.transformer).values():
            for span, _outage in spans:
                transformers[outage_id, *span] += 1
    keys = sorted(
        people.keys() | transformers.keys(), key=lambda key: (key[1], key[0], key[2] is None, key[2] or key[1])
    )
    return [Group(*key, tuple(sorted(people.get(key, ()))), transformers.get(key, 0)) for key in keys]


def _by(rows: Sequence[Lost], key: Callable[[Lost], K]) -> dict[K, list[tuple[Span, int]]]:
    """The spans without supply of each customer (or transformer), with the outage that ended each."""
    found: dict[K, list[Lost]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return {one: united(lost) for one, lost in found.items()}


def united(rows: Iterable[Lost]) -> list[tuple[Span, int]]:
    """Spans that overlap, put together. One that begins when another ends is an interruption of its own."""
    found: list[tuple[Span, int]] = []
    for row in sorted(rows, key=lambda row: (row.out_at, row.restored_at is None, row.restored_at or row.out_at)):
        if not found or not _before(row.out_at, found[-1][0][1]):
            found.append(((row.out_at, row.restored_at), row.outage_id))
            continue
        (begin, end), outage_id = found[-1]
        if end is not None and (row.restored_at is None or row.restored_at >= end):
            end, outage_id = row.restored_at, row.outage_id
        found[-1] = (begin, end), outage_id
    return found


def _before(at: datetime, end: datetime | None) -> bool:
    return end is None or at < end
