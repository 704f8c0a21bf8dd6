"""Count interruptions: the sums that every index is a quotient of. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np


@dataclass(frozen=True, slots=True)
class Interruption:
    """A group of customers who lost supply and got it back at the same instants.

    `minutes` is how long it lasted, `customers` how many they were on the basis that is counted, `members` their ids
    (see `packed`) where single customers are counted. `day` is the local day on which it began.
    """

    outage_id: int
    number: str
    day: date
    out_at: datetime
    restored_at: datetime
    minutes: float
    customers: int
    nature: str
    cause: str
    unit_code: str
    unit_path: str
    feeder_code: str
    members: bytes = b""


@dataclass(frozen=True, slots=True)
class Counted:
    """Sums over interruptions: `outages` sustained ones, `interruptions` ΣNᵢ and `minutes` Σrᵢ·Nᵢ of the sustained,
    `momentary` ΣNᵢ of the others, `distinct` customers with a sustained one, `frequent` those with as many as asked."""

    outages: int = 0
    interruptions: int = 0
    minutes: float = 0.0
    momentary: int = 0
    distinct: int = 0
    frequent: int = 0


def count(found: Iterable[Interruption], *, momentary_minutes: float, n: int = 1, more_than: bool = False) -> Counted:
    """The sums. `momentary_minutes` is the longest that a momentary one lasts; `n` is CEMI's."""
    found = list(found)
    sustained = [one for one in found if one.minutes > momentary_minutes]
    distinct, frequent = _customers(sustained, n + 1 if more_than else n)
    return Counted(
        outages=len({one.outage_id for one in sustained}),
        interruptions=sum(one.customers for one in sustained),
        minutes=sum(one.minutes * one.customers for one in sustained),
        momentary=sum(one.customers for one in found if one.minutes <= momentary_minutes),
        distinct=distinct,
        frequent=frequent,
    )


def packed(customer_ids: Iterable[int]) -> bytes:
    """Ids as they are kept: four bytes each, so that a year's can be counted at once."""
    return np.fromiter(customer_ids, dtype="<u4").tobytes()


def unpacked(members: bytes) -> list[int]:
    """The ids again."""
    found: list[int] = np.frombuffer(members, dtype="<u4").tolist()
    return found


def _customers(found: Iterable[Interruption], least: int) -> tuple[int, int]:
    """How many different customers these concern, and how many of them at least so often."""
    together = b"".join(one.members for one in found)
    if not together:
        return 0, 0
    ids = np.frombuffer(together, dtype="<u4")
    times = np.bincount(ids - ids.min())
    return int(np.count_nonzero(times)), int(np.count_nonzero(times >= least))
