"""Major event days (重大事件日): days beyond what a grid is built for, by the 2.5 β method of IEEE 1366, 5.2. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import fmean, stdev


@dataclass(frozen=True, slots=True)
class Threshold:
    """T_MED in minutes a customer and a day, with α and β (of the natural logarithms of daily SAIDI).

    `days` is how many days with interruptions it rests on, from `since` to before `until`.
    """

    t_med: float
    alpha: float
    beta: float
    days: int
    since: date
    until: date


def threshold(daily: Mapping[date, float], *, since: date, until: date, betas: float) -> Threshold | None:
    """T_MED from the daily SAIDI of past days; days without interruptions are left out (their logarithm is none).

    α is the mean, β the standard deviation (of a sample: n − 1). None where fewer than two days remain.
    """
    logs = [math.log(saidi) for day, saidi in daily.items() if since <= day < until and saidi > 0]
    if len(logs) < 2:
        return None
    alpha, beta = fmean(logs), stdev(logs)
    return Threshold(math.exp(alpha + betas * beta), alpha, beta, len(logs), since, until)


def major_days(daily: Mapping[date, float], found: Threshold | None) -> list[date]:
    """The days whose SAIDI is above T_MED."""
    return sorted(day for day, saidi in daily.items() if found is not None and saidi > found.t_med)
