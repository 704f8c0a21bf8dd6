"""Cases to bill: short words for readings, meters, terms and tariffs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.billing.computing import Case, Computed, MeterUse, Shown, Terms, compute
from app.billing.rules import Book, House, Version, book_of, house_on, read_tariff
from app.billing.rules.files import read_folder

DAY = date(2026, 3, 1)


def D(text: str | int) -> Decimal:
    return Decimal(text)


@lru_cache(maxsize=1)
def house() -> House:
    """The rules of the seed files."""
    return house_on(read_folder().rules, DAY)


@lru_cache(maxsize=1)
def book() -> Book:
    """The tariffs of the seed files."""
    return book_of(read_folder().tariffs)


def version(rules: Mapping[str, Any] | str, since: date = date(2020, 1, 1)) -> Version:
    """A tariff of the book by code, or one made of these rules."""
    if isinstance(rules, str):
        found = book().on(rules, DAY)
        assert found is not None
        return found
    plain = {"late_class": "resident", "due": {"days": 20}, **rules}
    return Version("T", since, None, read_tariff(plain))


def shown(on: date, kind: str = "regular", **values: str | int) -> Shown:
    return Shown(on, kind, {name: Decimal(value) for name, value in values.items()})


def meter(*readings: Shown, number: str = "M1", multiplier: str | int = 1, digits: int = 6) -> MeterUse:
    return MeterUse(number, Decimal(multiplier), digits, readings)


FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


def used(energy: str | int, **more: str | int) -> MeterUse:
    """A meter that shows so much energy in February 2026 (and further registers)."""
    zero: dict[str, str | int] = dict.fromkeys(more, 0)
    return meter(shown(FEBRUARY, total=0, **zero), shown(MARCH, total=energy, **more))


def bill(
    rules: Mapping[str, Any] | str | Version,
    *meters: MeterUse,
    from_on: date = FEBRUARY,
    to_on: date = MARCH,
    year_before: str | int = 0,
    adjustment: str | int = 0,
    **terms: Any,
) -> Computed:
    """Bill meters under one tariff."""
    each = rules if isinstance(rules, Version) else version(rules)
    case = Case(
        from_on, to_on, meters, [Terms(from_on, to_on, each, **terms)], Decimal(year_before), Decimal(adjustment)
    )
    return compute(case, house())


def amounts(computed: Computed) -> dict[str, Decimal]:
    """Line code to amount, of the counted lines."""
    return {line.code: line.amount for line in computed.lines if line.counted}
