"""Cut a period where the rules change, and share energy by days.

The rule stated on the bill: between two readings energy is taken as used evenly, each day the same. A day
belongs to the version, terms and year in force on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.billing.computing.case import ZERO, Case, Terms
from app.billing.computing.lines import rounded
from app.billing.computing.metering import Interval, split_parts
from app.billing.computing.refusals import CannotBill

DAYS_OF_MONTH = Decimal(365) / Decimal(12)
"""The mean length of a month, for telling how many whole months a period is."""


@dataclass(slots=True)
class Piece:
    """A part of the period under one set of rules; `energy` by register in whole places, `months` its length."""

    terms: Terms
    from_on: date
    to_on: date
    months: Decimal
    energy: dict[str, Decimal]
    total: Decimal


def months_of(from_on: date, to_on: date, tolerance: int) -> Decimal:
    """How many months a period is: whole ones where it is within `tolerance` days of them, else by days."""
    days = (to_on - from_on).days
    whole = round(days / float(DAYS_OF_MONTH))
    if whole >= 1 and abs(days - whole * DAYS_OF_MONTH) <= tolerance:
        return Decimal(whole)
    return Decimal(days) / DAYS_OF_MONTH


def pieces(case: Case, intervals: Sequence[Interval], months: Decimal) -> list[Piece]:
    """The pieces of the case's period with their energy, losses and adjustments within; raises `CannotBill`."""
    cut = _cut(case)
    days = (case.to_on - case.from_on).days
    found = []
    for terms in cut:
        length = months if len(cut) == 1 else months * (terms.to_on - terms.from_on).days / days
        energy = _energy(terms, intervals, whole=len(cut) == 1)
        found.append(Piece(terms, terms.from_on, terms.to_on, length, energy, energy["total"]))
    _losses(found)
    _adjust(found, case.adjustment)
    _round(found)
    return found


def _cut(case: Case) -> list[Terms]:
    """The terms, cut at 1 January where tiers count by the year; raises `CannotBill` for days without a tariff."""
    at = case.from_on
    found: list[Terms] = []
    for terms in case.terms:
        if terms.from_on != at:
            raise CannotBill("no_tariff", on=at)
        at = terms.to_on
        tiers = terms.version.rules.tiers
        new_year = date(terms.from_on.year + 1, 1, 1)
        if tiers is not None and tiers.basis == "year" and new_year < terms.to_on:
            found += [replace(terms, to_on=new_year), replace(terms, from_on=new_year)]
        else:
            found.append(terms)
    if at != case.to_on:
        raise CannotBill("no_tariff", on=at)
    return found


def _energy(terms: Terms, intervals: Sequence[Interval], *, whole: bool) -> dict[str, Decimal]:
    """Energy by priced register on the days of `terms`; `total` always."""
    rules = terms.version.rules
    sums: dict[str, Decimal] = dict.fromkeys(rules.prices, ZERO)
    for interval in intervals:
        share = Decimal(1) if whole else _share(interval, terms)
        if not share:
            continue
        if rules.by_time:
            parts = split_parts(interval.energy, rules.prices, interval.meter, rules.fold)
            for part, amount in parts.items():
                sums[part] += amount * share
        else:
            sums["total"] += _total(interval) * share
    if rules.by_time:
        sums["total"] = sum(sums.values(), ZERO)
    return sums


def _total(interval: Interval) -> Decimal:
    total = interval.energy.get("total")
    if total is not None:
        return total
    return sum((amount for name, amount in interval.energy.items() if name != "reactive"), ZERO)


def _share(interval: Interval, terms: Terms) -> Decimal:
    first, last = interval.first.on, interval.last.on
    if first == last:  # a reading and another on one day: it belongs to the piece that holds the day
        return Decimal(1) if terms.from_on <= first < terms.to_on else ZERO
    days = (min(last, terms.to_on) - max(first, terms.from_on)).days
    return Decimal(max(days, 0)) / Decimal((last - first).days)


def _losses(found: Sequence[Piece]) -> None:
    for piece in found:
        extra = piece.total * piece.terms.loss_rate + piece.terms.loss_fixed * piece.months
        if extra:
            _add(piece, extra)


def _adjust(found: Sequence[Piece], adjustment: Decimal) -> None:
    """Energy added or taken off by decision, shared by the pieces' energy (all to the last where none was used)."""
    if not adjustment:
        return
    total = sum((piece.total for piece in found), ZERO)
    if total + adjustment < 0:
        raise CannotBill("negative_energy", energy=total, adjustment=adjustment)
    for piece in found:
        share = piece.total / total if total else Decimal(piece is found[-1])
        _add(piece, adjustment * share)


def _add(piece: Piece, extra: Decimal) -> None:
    """Add energy to a piece, to its parts of the day in proportion (to the first where none was used)."""
    parts = [name for name in piece.energy if name != "total"]
    total = piece.total
    for place, name in enumerate(parts):
        piece.energy[name] += extra * (piece.energy[name] / total if total else Decimal(place == 0))
    piece.energy["total"] = piece.total = total + extra


def _round(found: Sequence[Piece]) -> None:
    """Round the period's energy once; pieces, and parts of the day in each, are made to add up to it."""
    places = found[-1].terms.version.rules.rounding.energy
    totals = _made_to_add_up(
        [piece.total for piece in found], rounded(sum((piece.total for piece in found), ZERO), places), places
    )
    for piece, total in zip(found, totals, strict=True):
        parts = [name for name in piece.energy if name != "total"]
        if parts:
            amounts = _made_to_add_up([piece.energy[name] for name in parts], total, places)
            piece.energy.update(zip(parts, amounts, strict=True))
        piece.energy["total"] = piece.total = total


def _made_to_add_up(exact: Sequence[Decimal], total: Decimal, places: int) -> list[Decimal]:
    """The amounts rounded, the largest taking what is then missing to the total."""
    if len(exact) == 1:
        return [total]
    amounts = [rounded(amount, places) for amount in exact]
    largest = max(range(len(exact)), key=exact.__getitem__)
    amounts[largest] += total - sum(amounts, ZERO)
    return amounts
