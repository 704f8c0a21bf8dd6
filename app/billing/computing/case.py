"""What a bill is computed from: plain values, gathered by queries or made by tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.billing.rules import Version

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a meter's registers showed on a day. `values` maps `total`, parts of the day, `reactive`, `demand`."""

    on: date
    kind: str
    values: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class MeterUse:
    """A meter within the period: its readings in order, the first the one that the period starts from."""

    number: str
    multiplier: Decimal
    digits: int
    readings: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the contract says on the days [from_on, to_on), under one version of a tariff.

    `capacity` kVA, `contract_demand` kW, `household` people; `loss_rate` share of the metered energy and
    `loss_fixed` kWh a month of losses the customer bears.
    """

    from_on: date
    to_on: date
    version: Version
    capacity: Decimal | None = None
    contract_demand: Decimal | None = None
    household: int = 0
    loss_rate: Decimal = ZERO
    loss_fixed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Case:
    """One customer and the period [from_on, to_on). `terms` cover it without gap, earliest first.

    `year_before` is the energy already billed in the year of `from_on`, kWh; `adjustment` energy added or
    taken off by decision, kWh.
    """

    from_on: date
    to_on: date
    meters: Sequence[MeterUse]
    terms: Sequence[Terms]
    year_before: Decimal = ZERO
    adjustment: Decimal = ZERO
    facts: Mapping[str, str] = field(default_factory=dict)
