"""The fixed part of a two-part tariff (两部制): by capacity (kVA) or by maximum demand (kW) and month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from app.billing.computing.case import ZERO
from app.billing.computing.lines import Line, rounded
from app.billing.computing.metering import Interval
from app.billing.computing.refusals import CannotBill
from app.billing.computing.spreading import Piece
from app.billing.rules.tariff import Fixed


def fixed_lines(piece: Piece, intervals: Sequence[Interval]) -> Iterator[Line]:
    """The charge by capacity or by demand, and what is charged for demand beyond the contract."""
    fixed = piece.terms.version.rules.fixed
    if fixed is None:
        return
    if fixed.kind == "capacity":
        if piece.terms.capacity is None:
            raise CannotBill("capacity_missing")
        yield _line(piece, "capacity", piece.terms.capacity, fixed.price, {})
        return
    yield from _demand_lines(piece, fixed, _maximum(piece, intervals))


def _maximum(piece: Piece, intervals: Sequence[Interval]) -> Decimal:
    """The largest demand read for the piece's days, kW, to whole places; meters side by side are added up."""
    by_meter: dict[str, Decimal] = {}
    for interval in intervals:
        touches = interval.first.on < piece.to_on and interval.last.on > piece.from_on
        if touches and interval.demand is not None:
            by_meter[interval.meter] = max(by_meter.get(interval.meter, ZERO), interval.demand)
    if not by_meter:
        raise CannotBill("demand_missing")
    changed = len(by_meter) > 1 and _one_after_another([_span(meter, intervals) for meter in by_meter])
    return rounded(max(by_meter.values()) if changed else sum(by_meter.values(), ZERO), 0)


def _span(meter: str, intervals: Sequence[Interval]) -> tuple[date, date]:
    """The days between a meter's first and last reading."""
    own = [interval for interval in intervals if interval.meter == meter]
    return own[0].first.on, own[-1].last.on


def _one_after_another(spans: Sequence[tuple[date, date]]) -> bool:
    """Whether the meters were changed for each other rather than running side by side."""
    return all(earlier[1] <= later[0] for earlier, later in pairwise(sorted(spans)))


def _demand_lines(piece: Piece, fixed: Fixed, shown: Decimal) -> Iterator[Line]:
    contract = piece.terms.contract_demand
    charged = contract if fixed.basis == "contract" and contract is not None else shown
    params = {"shown": str(shown), "contract": str(contract or ""), "basis": fixed.basis}
    yield _line(piece, "demand", charged, fixed.price, params)
    if contract is None:
        return
    allowed = contract * fixed.tolerance
    over = max(ZERO, shown - allowed)
    times = fixed.over - 1 if fixed.basis == "actual" else fixed.over
    if over and times:
        params |= {"allowed": str(allowed), "tolerance": str(fixed.tolerance), "times": str(fixed.over)}
        yield _line(piece, "demand_over", over, fixed.price * times, params)


def _line(piece: Piece, code: str, quantity: Decimal, price: Decimal, params: dict[str, str]) -> Line:
    rules = piece.terms.version.rules
    unit = "kVA" if code == "capacity" else "kW"
    amount = rounded(quantity * price * piece.months, rules.rounding.amount)
    months = str(rounded(piece.months, 4).normalize())
    reference = f"{piece.terms.version.reference}#fixed"
    return Line(code, quantity, unit, price, amount, reference, {**params, "months": months})
