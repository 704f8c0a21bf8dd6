"""What a tariff says, as the computation reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

PARTS = ("sharp", "peak", "flat", "valley", "deep")
"""Parts of the day: 尖, 峰, 平, 谷, 深谷."""


@dataclass(frozen=True, slots=True)
class Step:
    """Energy above `above` kWh (up to the next step) costs `add` yuan more."""

    above: Decimal
    add: Decimal


@dataclass(frozen=True, slots=True)
class Household:
    """A household of `people` or more has `extra` kWh more a month before each step begins."""

    people: int
    extra: Decimal


@dataclass(frozen=True, slots=True)
class Tiers:
    """Tiers (阶梯) by `year` (counted from 1 January) or by `month`."""

    basis: str
    steps: tuple[Step, ...]
    household: Household | None = None


@dataclass(frozen=True, slots=True)
class Fixed:
    """The first part of a two-part tariff: yuan a month by kVA of `capacity` or kW of `demand`.

    By demand, `basis` `contract` charges the contract's maximum whatever was used, `actual` what was used;
    what lies above `tolerance` times the contract's maximum counts `over` times.
    """

    kind: str
    price: Decimal
    basis: str = "actual"
    tolerance: Decimal = Decimal(1)
    over: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Levy:
    """A surcharge by the kWh (基金及附加). One `included` is part of the energy price and told apart on the bill."""

    code: str
    name: str
    name_en: str
    price: Decimal
    included: bool


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least a month costs: yuan, and yuan for each kVA."""

    amount: Decimal = Decimal(0)
    per_kva: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rounding:
    """Places kept of energy (kWh) and amounts (yuan), half up."""

    energy: int = 0
    amount: int = 2


@dataclass(frozen=True, slots=True)
class Due:
    """A bill is due `days` after its issue, or on the `day` of the month after it was issued."""

    days: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class TariffRules:
    """One version of a tariff. `prices` maps `total` or parts of the day to yuan for a kWh.

    `fold` maps parts that meters may read but the tariff does not price to those whose price they have.
    """

    prices: Mapping[str, Decimal]
    late_class: str
    due: Due
    fold: Mapping[str, str] = field(default_factory=dict)
    rounding: Rounding = Rounding()
    tiers: Tiers | None = None
    fixed: Fixed | None = None
    power_factor: str | None = None
    levies: tuple[Levy, ...] = ()
    minimum: Minimum | None = None

    @property
    def by_time(self) -> bool:
        """Whether prices differ by the part of the day."""
        return "total" not in self.prices
