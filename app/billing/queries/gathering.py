"""Gather what bills are computed from, for many customers with a few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from app.billing.computing import CannotBill, Case
from app.billing.models import BillingTerms
from app.billing.periods import days_of, months_after
from app.billing.queries.contracts import Account, contract_rows, terms
from app.billing.queries.histories import Past, pasts
from app.billing.queries.readings import Device, closing_day, devices, opening_day, uses
from app.billing.rules import Book, House
from app.customers.models import Meter, ReadingSegment
from app.kernel.db import session, table

HISTORY = timedelta(days=400)
"""How far back bills are read for the year's use and the usual use."""

USUAL_GAP = timedelta(days=120)
"""Customers whose last bill ends earlier than this before the period are read for by themselves."""

CYCLE_MONTHS: Mapping[str, int] = {"month": 1, "two_months": 2}
"""Months between two readings of a segment's cycle: a customer not read within them was not missed."""

LONG_AGO = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A customer ready to be billed (`case`), not to be billed now (`skipped`), or refused."""

    account: Account
    case: Case | None = None
    usual: Decimal | None = None
    refusal: CannotBill | None = None
    skipped: str = ""


def prepare(accounts: Sequence[Account], period: str, *, book: Book, house: House) -> list[Prepared]:
    """The customers' cases for a period, from the end of the last bill to the reading taken in the period."""
    first, last = days_of(period)
    past = pasts([account.id for account in accounts], since=first - HISTORY)
    waiting = [account for account in accounts if not past[account.id].has(period)]
    meters = _meters(waiting, past, first, last)
    contracts = contract_rows([account.id for account in waiting], LONG_AGO, last)
    cycles = cycles_of(account.segment_code for account in waiting)
    found = [Prepared(account, skipped="billed") for account in accounts if past[account.id].has(period)]
    for account in waiting:
        mine = meters.get(account.id, ())
        span = _span(
            account,
            past[account.id],
            mine,
            (first, last),
            cycle=CYCLE_MONTHS[cycles.get(account.segment_code, "month")],
        )
        if isinstance(span, Prepared):
            found.append(span)
            continue
        rows = contracts.get(account.id, ())
        found.append(_case(account, past[account.id], mine, rows, span, book=book, house=house))
    return found


def prepare_span(
    account: Account, from_on: date, to_on: date, *, book: Book, house: House, without: Iterable[int] = (),
    adjustment: Decimal = Decimal(0),
) -> Prepared:  # fmt: skip
    """One customer's case for given days; bills `without` do not count as billed before."""
    past = pasts([account.id], since=from_on - HISTORY, without=without)[account.id]
    mine = devices([account.id], since=from_on, until=to_on).get(account.id, ())
    rows = contract_rows([account.id], from_on, to_on).get(account.id, ())
    return _case(account, past, mine, rows, (from_on, to_on), book=book, house=house, adjustment=adjustment)


def final_span(customer_id: int) -> tuple[date, date] | None:
    """From the end of the last bill to the removal of the last meter; None while a meter stands or there is none."""
    rows = table(Meter)
    query = sa.select(rows.c.installed_on, rows.c.removed_on).where(rows.c.customer_id == customer_id)
    found = session.execute(query).all()
    removed = [gone for _began, gone in found if gone is not None]
    if not found or len(removed) < len(found):
        return None
    end = max(removed)
    begin = pasts([customer_id], since=end - HISTORY)[customer_id].billed_to
    return begin or min(began for began, _gone in found), end


def cycles_of(codes: Iterable[str]) -> dict[str, str]:
    """The cycle of each reading segment."""
    rows = table(ReadingSegment)
    query = sa.select(rows.c.code, rows.c.cycle).where(rows.c.code.in_(set(codes)))
    return {code: cycle for code, cycle in session.execute(query)}


def _meters(
    accounts: Sequence[Account], past: Mapping[int, Past], first: date, last: date
) -> dict[int, Sequence[Device]]:
    """Meters and readings since each customer's last bill; the few who were not billed for long apart."""
    starts = {account.id: past[account.id].billed_to for account in accounts}
    recent = [each for each, start in starts.items() if start is not None and start >= first - USUAL_GAP]
    older = [each for each, start in starts.items() if start is None or start < first - USUAL_GAP]
    found: dict[int, Sequence[Device]] = {}
    if recent:
        since = min(start for each in recent if (start := starts[each]) is not None)
        found.update(devices(recent, since=since, until=last))
    if older:
        found.update(devices(older, since=min(starts[each] or LONG_AGO for each in older), until=last))
    return found


def _span(
    account: Account, past: Past, meters: Sequence[Device], bounds: tuple[date, date], *, cycle: int
) -> tuple[date, date] | Prepared:
    first, last = bounds
    if not meters:
        return Prepared(account, refusal=CannotBill("no_meter"))
    from_on = past.billed_to or opening_day(meters)
    if from_on is None:
        return Prepared(account, refusal=CannotBill("missing_reading", meter=meters[0].number))
    to_on = closing_day(meters, from_on, last)
    if to_on is not None and to_on >= first:
        return from_on, to_on
    if months_after(from_on, cycle) > last:
        return Prepared(account, skipped="not_due")
    return Prepared(account, refusal=CannotBill("missing_reading", meter=meters[-1].number, since=from_on))


def _case(
    account: Account, past: Past, meters: Sequence[Device], rows: Iterable[BillingTerms], span: tuple[date, date], *,
    book: Book, house: House, adjustment: Decimal = Decimal(0),
) -> Prepared:  # fmt: skip
    from_on, to_on = span
    try:
        spans = terms(account, rows, book, from_on, to_on)
        _check_ends(meters, from_on, to_on, estimates=house.readings.estimates)
    except CannotBill as refusal:
        return Prepared(account, refusal=refusal)
    case = Case(from_on, to_on, uses(meters, from_on, to_on), spans, past.year_before(from_on), adjustment)
    return Prepared(account, case, past.usual(from_on, house.readings.usual_periods))


def _check_ends(meters: Sequence[Device], from_on: date, to_on: date, *, estimates: int) -> None:
    """Each meter must have been read where its use within the period begins and ends, not too often by estimate."""
    for device in meters:
        if device.installed_on >= to_on or (device.removed_on is not None and device.removed_on <= from_on):
            continue
        begin = max(device.installed_on, from_on)
        end = min(device.removed_on or to_on, to_on)
        days = {shown.on for shown in device.readings}
        for day in (begin, end):
            if day not in days:
                raise CannotBill("missing_reading", meter=device.number, on=day)
        if (row := device.estimates.get(end, 0)) > estimates:
            raise CannotBill("too_many_estimates", meter=device.number, on=end, count=row, most=estimates)
