"""The thresholds of the prediction, as the decision table `outage_location` gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Names are those of the table's outputs; minutes are whole minutes, `share` is a part of 1.

    `calls` callers below one transformer within `window` minutes make a device outage of it. Of the children
    of a protective device `share` must be predicted, and at least `min_children` transformers, `laterals`
    fused branches, `backbone` switches or breakers of the main line. `predictions` separate predictions on
    a feeder move to its breaker (0: never). Reports more than `separation` minutes apart are of two outages.
    One number may report `prank_calls` places, and `prank_total` times in all, within `prank_window` minutes.
    """

    calls: int
    window: int
    share: float
    min_children: int
    laterals: int
    backbone: int
    predictions: int
    separation: int
    zone_calls: int
    zone_window: int
    prank_calls: int
    prank_total: int
    prank_window: int
    momentary: int
    ping_fresh: int
    clock_ahead: int
    clock_behind: int

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> Thresholds:
        """From a row of the table. Raises `KeyError` where an output is missing."""
        values: dict[str, Any] = {each.name: int(result[each.name]) for each in fields(cls)}
        return cls(**{**values, "share": float(result["share"])})

    def minutes(self, name: str) -> timedelta:
        """A threshold in minutes as a duration."""
        return timedelta(minutes=getattr(self, name))
