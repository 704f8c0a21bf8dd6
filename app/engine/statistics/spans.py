"""Durations in fixed classes that grow by a fixed ratio, so that those of any day and unit can be added up.

Class 0 holds what took no time, class n durations up to 2^(n/4) ms: the next bound is 19 %
longer. A quantile is told as the geometric middle of its class and is therefore at most 9 %
off; the first classes are exact, as durations are whole milliseconds.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from datetime import datetime, timedelta

STEPS = 4
"""Classes from one power of two to the next."""

LONGEST = 42
"""2^42 ms are 139 years; what is longer counts in the last class."""

BOUNDS = [0, *(math.floor(2 ** (step / STEPS)) for step in range(LONGEST * STEPS + 1))]
"""The longest duration of each class in milliseconds; those of the first few repeat."""


def milliseconds(start: datetime, end: datetime) -> int:
    """From one instant to the other, never less than nothing: a machine's clock may be set back."""
    return max((end - start) // timedelta(milliseconds=1), 0)


def class_of(duration: int) -> int:
    """The class of a duration in milliseconds."""
    return min(bisect_left(BOUNDS, duration), len(BOUNDS) - 1)


def quantile(counts: Mapping[int, int], share: float, *, shortest: int, longest: int) -> float | None:
    """The duration in milliseconds that this share of passages did not exceed; None where there are none.

    The nearest rank of the sorted durations (rank ⌈share · n⌉), told by the middle of its class
    and kept within the shortest and longest that really were.
    """
    total = sum(counts.values())
    if total == 0:
        return None
    rank, passed = max(math.ceil(share * total), 1), 0
    for number in sorted(counts):
        passed += counts[number]
        if passed >= rank:
            return min(max(_middle(number), shortest), longest)
    raise AssertionError("unreachable")


def _middle(number: int) -> float:
    if number == 0:
        return 0.0
    lower, upper = BOUNDS[number - 1] + 1, BOUNDS[number]
    return math.sqrt(lower * upper)
