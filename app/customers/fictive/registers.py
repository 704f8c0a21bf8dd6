"""What a fictive meter showed over months: rising registers with summer and winter in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random

from app.customers.fictive.household import SEED, Household
from app.customers.fictive.words import words


@dataclass(frozen=True, slots=True)
class Shown:
    """The registers on a day, before the multiplier; parts and demand where the meter has them."""

    read_on: date
    total: int
    parts: dict[str, int]
    reactive: int | None = None
    demand: Decimal | None = None


def month_starts(last: date, count: int) -> list[date]:
    """The first days of `count` months up to the month of `last`, oldest first."""
    months = [(last.year * 12 + last.month - 1 - back) for back in range(count - 1, -1, -1)]
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def energies(n: int, home: Household, days: list[date]) -> list[int]:
    """Register units used between each day and the next month's, one a day given."""
    chance, seasons = Random(SEED * 31 + n).random, words()["seasons"]  # noqa: S311  (no secret)
    return [max(1, round(home.use * seasons[day.month - 1] * (0.8 + 0.4 * chance()))) for day in days]


def registers(n: int, home: Household, days: list[date]) -> Iterator[Shown]:
    """What the meter showed on each of these days; on the first one whatever it began with."""
    parted = home.meter_kind != "single"
    shares = words()["parts"] if parted else {}
    start = 100 + n % 900
    sums = {name: round(start * share) for name, share in shares.items()}
    now = Shown(days[0], sum(sums.values()) if parted else start, dict(sums), start // 3)
    yield _as_metered(home, now, home.use)
    for day, energy in zip(days[1:], energies(n, home, days[:-1]), strict=True):
        for name, share in shares.items():
            sums[name] += round(energy * share)
        total = sum(sums.values()) if parted else now.total + energy
        used = total - now.total
        now = Shown(day, total, dict(sums), (now.reactive or 0) + round(used * (0.3 + 0.02 * (n % 10))))
        yield _as_metered(home, now, used)


def _as_metered(home: Household, shown: Shown, used: float) -> Shown:
    """Only a demand meter has reactive energy and a maximum demand."""
    if home.meter_kind != "demand":
        return replace(shown, reactive=None)
    return replace(shown, demand=Decimal(str(round(used / 300, 3))))
