"""The rules beside the tariffs: power factor, late fee, what readings are believed, how payments are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Band:
    """Each 0.01 of cosφ on the way to `until` moves the bill by `percent`; None is without end."""

    until: Decimal | None
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard of the power-factor adjustment (力调): what is added below it, and taken off above it."""

    value: Decimal
    penalty: tuple[Band, ...]
    reward: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class PowerFactor:
    """The standards by name (`0.90`), and to how many places cosφ is rounded."""

    places: int
    standards: Mapping[str, Standard]


@dataclass(frozen=True, slots=True)
class LateRate:
    """Shares of the arrears for a day in the year of the due day, and in later years."""

    same_year: Decimal
    later_years: Decimal


@dataclass(frozen=True, slots=True)
class LateFee:
    """Late fees (违约金) by class of customer; `least` is the smallest fee asked for, yuan."""

    least: Decimal
    classes: Mapping[str, LateRate]


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What is believed of readings.

    A reading below the last is a rollover where the last stood at or above `rollover_last` and this one at
    or below `rollover_this` (shares of the register's size). A period within `month_days` days of whole
    months counts as whole months. A bill is looked at where its energy leaves [`outlier_least`, `outlier_most`]
    times the usual, unless it differs by less than `outlier_small` kWh; the usual is the mean by day of
    `usual_periods` bills before.
    `estimates` is how many estimated readings may follow each other.
    """

    rollover_last: Decimal
    rollover_this: Decimal
    month_days: int
    outlier_least: Decimal
    outlier_most: Decimal
    outlier_small: Decimal
    usual_periods: int
    estimates: int


@dataclass(frozen=True, slots=True)
class PaymentRules:
    """In which `order` a payment serves a bill's `late_fee` and `principal`."""

    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class House:
    """All rules beside the tariffs that are in force on one day; `references` names the version of each."""

    power_factor: PowerFactor
    late_fee: LateFee
    readings: ReadingRules
    payment: PaymentRules
    references: Mapping[str, str]
