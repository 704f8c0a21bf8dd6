"""A year of a key account, for its service report: use, demand, bills, orders, outages, visits, advice.

Amounts are yuan, energy kWh, loads kW. What is not known is None or empty, and said so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from app.billing.queries.bills import BillRow, bills_of
from app.customers.queries.settings import NoteView, notes_of
from app.customers.queries.use import MonthUse, use_of
from app.customers.records import Record, is_known, records_of
from app.engine import api as engine
from app.kernel.clock import LOCAL
from app.kernel.i18n import localized
from app.keyaccounts.days import day_of
from app.keyaccounts.queries.accounts import AccountView, ReviewView, SupplyView, reviews_of, supplies_of
from app.keyaccounts.queries.alerts import backup_gaps
from app.keyaccounts.queries.visits import HazardView, VisitView, hazards_of, visits_of

ADVICE = "account_advice"
MONTHS = 12
HOURS = Decimal(24)
COUNTED = ("issued", "part", "paid")
"""States of a bill that counts: drafts, voided and credited ones do not."""


@dataclass(frozen=True, slots=True)
class Year:
    """Everything the report says; `months` and `before` are twelve calendar months each."""

    account: AccountView
    year: int
    months: Sequence[MonthUse]
    before: Sequence[MonthUse]
    bills: Sequence[BillRow]
    orders: Sequence[Record]
    outages: Sequence[Record] | None
    visits: Sequence[VisitView]
    hazards: Sequence[HazardView]
    wishes: Sequence[NoteView]
    supplies: Sequence[SupplyView]
    review: ReviewView | None
    advice: Sequence[str]

    @property
    def energy(self) -> Decimal:
        return sum((month.total for month in self.months), Decimal(0))

    @property
    def energy_before(self) -> Decimal | None:
        known = [month.total for month in self.before if month.days]
        return sum(known, Decimal(0)) if known else None

    @property
    def amount(self) -> Decimal:
        return sum((bill.amount for bill in self.bills), Decimal(0))

    @property
    def demand(self) -> Decimal | None:
        """The highest demand of the year."""
        return max((month.demand for month in self.months if month.demand is not None), default=None)

    @property
    def power_factor(self) -> Decimal | None:
        """Of the whole year: from the sums of active and reactive energy."""
        return whole(self.months).power_factor

    @property
    def in_time(self) -> tuple[int, int]:
        """(orders with every limit kept, orders with limits)."""
        judged = [order for order in self.orders if order.in_time is not None]
        return sum(1 for order in judged if order.in_time), len(judged)


def year_of(account: AccountView, year: int, *, now: datetime) -> Year:
    """The calendar year of an account whose reader has been checked; of the present year what there is."""
    use = use_of(account.customer_id, until=date(year + 1, 1, 31), months=2 * MONTHS + 1)  # January reads December
    since, until = _begin(year), _begin(year + 1)
    bills = [
        one for one in bills_of(account.customer_id, 60, at=now) if one.period[:4] == str(year) and one.state in COUNTED
    ]
    outages = _records("outages", account, since, until) if is_known("outages") else None
    hazards = [one for one in hazards_of([account.id]) if one.due_on.year == year or one.state == "open"]
    wishes = [note for note in notes_of(account.customer_id, kind="wish", limit=50) if day_of(note.at).year == year]
    reviews = reviews_of(account.id, limit=1)
    months = use.months[MONTHS : 2 * MONTHS]
    return Year(
        account=account,
        year=year,
        months=months,
        before=use.months[:MONTHS],
        bills=list(reversed(bills)),
        orders=_records("orders", account, since, until),
        outages=outages,
        visits=list(reversed(visits_of(account.id, year=year))),
        hazards=hazards,
        wishes=wishes,
        supplies=supplies_of(account.id),
        review=reviews[0] if reviews else None,
        advice=advice(facts(account, months, bills, hazards), now=now),
    )


def facts(
    account: AccountView,
    months: Sequence[MonthUse],
    bills: Sequence[BillRow],
    hazards: Sequence[HazardView],
) -> dict[str, float | None]:
    """What the table of advice asks for; None where it is not known, which fits no rule about it."""
    year = whole(months)
    demand = max((month.demand for month in months if month.demand is not None), default=None)
    days = sum(month.days for month in months)
    mean = year.total / (HOURS * days) if days else None
    parts = {part for month in months for part in month.parts} & {"valley", "deep"}
    valley = sum((month.parts.get(part, Decimal(0)) for month in months for part in ("valley", "deep")), Decimal(0))
    factor = year.power_factor
    return {
        "demand_share": _number(
            demand / account.contract_demand if demand is not None and account.contract_demand else None
        ),
        "load_factor": _number(mean / demand if mean is not None and demand else None),
        "power_factor": _number(factor),
        "valley_share": _number(valley / year.total if parts and year.total else None),
        "backup_gap": _number(backup_gaps([account]).get(account.id)),
        "hazards_open": float(sum(1 for one in hazards if one.state == "open")),
        "late_bills": float(sum(1 for bill in bills if bill.overdue)),
    }


def advice(known: Mapping[str, Any], *, now: datetime) -> list[str]:
    """The sentences of every rule of `account_advice` that fits, in the reader's language."""
    rows = engine.decide(ADVICE, dict(known), now=now, record=False).result or []
    return [localized(str(row["advice"]), str(row["advice_en"])) for row in rows]


def whole(months: Sequence[MonthUse]) -> MonthUse:
    """Twelve months as one: sums of energy and reactive energy."""
    found = MonthUse(months[0].month if months else date.min)
    reactive = [month.reactive for month in months if month.reactive is not None]
    found.parts = {"total": sum((month.total for month in months), Decimal(0))}
    found.reactive = sum(reactive, Decimal(0)) if reactive else None
    return found


def _records(kind: str, account: AccountView, since: datetime, until: datetime) -> Sequence[Record]:
    return list(reversed(records_of(kind, [account.number], since=since, until=until).get(account.number, ())))


def _begin(year: int) -> datetime:
    return datetime.combine(date(year, 1, 1), time(), tzinfo=LOCAL)


def _number(value: Decimal | None) -> float | None:
    return float(value) if value is not None else None
