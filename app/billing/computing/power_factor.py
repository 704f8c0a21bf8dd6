"""Power-factor adjustment (力调电费): k x (fixed charge + energy charges - levies).

cosφ = P / sqrt(P² + Q²) over the bill's energy P (kWh) and Q (kvarh), rounded; k is read off the standard's
bands, one step for each 0.01 between cosφ and the standard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.billing.computing.case import ZERO
from app.billing.computing.lines import Line, rounded
from app.billing.computing.metering import Interval
from app.billing.computing.spreading import Piece
from app.billing.rules.house import Band, PowerFactor, Standard

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Measured:
    """Energy P and reactive energy Q of the bill, and cosφ, none where nothing was used."""

    active: Decimal
    reactive: Decimal
    cos: Decimal


def measured(intervals: Sequence[Interval], rules: PowerFactor) -> Measured | None:
    """The power factor of a bill; None where no reactive energy was read or no energy used."""
    active = reactive = ZERO
    read = False
    for interval in intervals:
        if "reactive" not in interval.energy:
            continue
        read = True
        reactive += interval.energy["reactive"]
        active += interval.energy.get("total") or sum(
            (amount for name, amount in interval.energy.items() if name not in ("reactive", "total")), ZERO
        )
    if not read or not (active or reactive):
        return None
    exact = active / (active * active + reactive * reactive).sqrt()
    return Measured(active, reactive, rounded(exact, rules.places))


def percent_of(cos: Decimal, standard: Standard) -> Decimal:
    """What the bill changes by, per cent: above zero below the standard, below zero above it."""
    if cos < standard.value:
        return _walk(standard.value, cos, standard.penalty)
    return -_walk(standard.value, cos, standard.reward)


def _walk(start: Decimal, end: Decimal, bands: Sequence[Band]) -> Decimal:
    """Sum the bands' percentages for each 0.01 on the way from the standard; beyond the last band nothing more."""
    total = ZERO
    at = start
    for band in bands:
        stop = end if band.until is None or abs(end - start) <= abs(band.until - start) else band.until
        total += abs(stop - at) / HUNDREDTH * band.percent
        at = stop
        if at == end:
            break
    return total


def power_factor_line(
    piece: Piece, lines: Sequence[Line], found: Measured | None, rules: PowerFactor
) -> Iterator[Line]:
    """The adjustment of a piece whose fixed, energy and levy lines are `lines`."""
    name = piece.terms.version.rules.power_factor
    if name is None or found is None or name not in rules.standards:
        return
    percent = percent_of(found.cos, rules.standards[name])
    if not percent:
        return
    charged = sum((line.amount for line in lines if line.code.split(".")[0] in CHARGED), ZERO)
    within = sum((line.amount for line in lines if line.code.startswith("levy.") and not line.counted), ZERO)
    base = charged - within
    amount = rounded(base * percent / 100, piece.terms.version.rules.rounding.amount)
    params = {
        "standard": name,
        "active": str(found.active),
        "reactive": str(found.reactive),
        "cos": str(found.cos),
        "percent": str(percent.normalize()),
        "charged": str(charged),
        "levies": str(within),
    }
    yield Line("power_factor", base, "yuan", percent / 100, amount, f"power_factor#{name}", params)


CHARGED = ("capacity", "demand", "demand_over", "energy", "tier")
"""Lines that the adjustment is a share of."""
