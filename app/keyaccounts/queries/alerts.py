"""What a manager should look at now: measures of accounts, judged by the table `account_alert`.

The measures of all accounts of a page cost a fixed number of statements; a year of readings
is read only for the accounts asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from app.billing.models import Bill
from app.billing.models.bill import OWED
from app.customers.models import Meter, Reading
from app.customers.records import records_of
from app.engine import api as engine
from app.kernel.db import session
from app.keyaccounts.days import day_of
from app.keyaccounts.models import OVER, AccountVisit, BackupSupply, ImportanceReview, VisitHazard
from app.keyaccounts.queries.accounts import AccountView
from app.keyaccounts.queries.power_factor import power_factor_gaps

TABLE = "account_alert"
BACKUP = ("generator", "ups", "other")
"""Sources of the customer's own; another line of the utility is no emergency supply."""


@dataclass(frozen=True, slots=True)
class Alert:
    """`level` is `warn` or `danger`; `value` in the measure's unit (a share of 1, days, kVA, a number)."""

    measure: str
    value: Decimal
    level: str


def alerts_of(accounts: Sequence[AccountView], *, now: datetime) -> dict[int, list[Alert]]:
    """The alerts of accounts by their id, the gravest first; accounts without any have an empty list."""
    if not accounts:
        return {}
    measures = _measures(accounts, now=now)
    found: dict[int, list[Alert]] = {account.id: [] for account in accounts}
    known: dict[tuple[str, Decimal], str | None] = {}
    table = engine.get_definition(TABLE, kind="dmn").id  # one version for the whole page, looked up once
    for account_id, values in measures.items():
        for measure, value in values.items():
            key = (measure, value)
            if key not in known:
                known[key] = _level(table, measure, value, now=now)
            if (level := known[key]) is not None:
                found[account_id].append(Alert(measure, value, level))
    return {key: sorted(alerts, key=lambda one: one.level != "danger") for key, alerts in found.items()}


def _level(table: str, measure: str, value: Decimal, *, now: datetime) -> str | None:
    facts = {"measure": measure, "value": float(value)}
    level = engine.decide(TABLE, facts, definition_id=table, now=now, record=False).result
    return (level.get("level") if isinstance(level, Mapping) else level) or None


def _measures(accounts: Sequence[AccountView], *, now: datetime) -> dict[int, dict[str, Decimal]]:
    """What is known of each account; a measure that cannot be computed is left out."""
    today = day_of(now)
    ids = [account.id for account in accounts]
    customers = [account.customer_id for account in accounts]
    demand = last_demand(customers)
    overdue_bills = _oldest_due(customers, today)
    visits = _oldest_visit(ids, today)
    hazards = _count(VisitHazard.account_id, ids, VisitHazard.state == "open")
    gaps, factors = backup_gaps(accounts), power_factor_gaps(customers)
    orders = records_of("orders", [account.number for account in accounts], open_only=True)
    found: dict[int, dict[str, Decimal]] = {}
    for account in accounts:
        drawn = demand.get(account.customer_id)
        values = {
            "demand_share": _share(drawn, account.contract_demand),
            "capacity_share": _share(drawn, account.running_capacity),
            "arrears_days": _days(today, overdue_bills.get(account.customer_id)),
            "visit_overdue_days": _days(today, visits.get(account.id)),
            "contract_days_left": _days(account.contract_until, today),
            "review_days_left": _days(account.next_review_on, today),
            "backup_gap": gaps.get(account.id),
            "power_factor_gap": factors.get(account.customer_id),
            "hazards_open": Decimal(hazards.get(account.id, 0)),
            "orders_open": Decimal(len(orders.get(account.number, ()))),
        }
        found[account.id] = {name: value for name, value in values.items() if value is not None}
    return found


def last_demand(customer_ids: Sequence[int]) -> dict[int, Decimal]:
    """The maximum demand (kW) of each customer's newest reading that has one; of several meters the highest."""
    newest = (
        sa.select(Reading.meter_id, sa.func.max(Reading.read_on).label("day"))
        .join(Meter, Meter.id == Reading.meter_id)
        .where(Meter.customer_id.in_(customer_ids), Meter.removed_on.is_(None), Reading.demand.is_not(None))
        .group_by(Reading.meter_id)
        .subquery()
    )
    query = (
        sa.select(Meter.customer_id, Meter.multiplier, Reading.demand)
        .join(newest, newest.c.meter_id == Meter.id)
        .join(Reading, sa.and_(Reading.meter_id == Meter.id, Reading.read_on == newest.c.day))
        .where(Reading.demand > 0)
    )
    found: dict[int, Decimal] = defaultdict(Decimal)
    for customer_id, multiplier, demand in session.execute(query):
        found[customer_id] = max(found[customer_id], multiplier * (demand or 0))
    return dict(found)


def backup_gaps(accounts: Sequence[AccountView]) -> dict[int, Decimal]:
    """By how many kVA each account's own emergency supply falls short of what its last grading asks for.

    Security load (kW) × the share of the grading (GB/T 29328: 120 %), at power factor 1 as the standard counts it.
    """
    ids = [account.id for account in accounts]
    newest = sa.select(sa.func.max(ImportanceReview.id)).where(ImportanceReview.account_id.in_(ids))
    reviews = sa.select(ImportanceReview.account_id, ImportanceReview.criteria).where(
        ImportanceReview.id.in_(newest.group_by(ImportanceReview.account_id))
    )
    shares = {
        account_id: Decimal(str(criteria.get("backup_share", 0))) for account_id, criteria in session.execute(reviews)
    }
    own = sa.select(BackupSupply.account_id, sa.func.sum(BackupSupply.capacity)).where(
        BackupSupply.account_id.in_(ids), BackupSupply.kind.in_(BACKUP)
    )
    held = {
        account_id: total or Decimal(0) for account_id, total in session.execute(own.group_by(BackupSupply.account_id))
    }
    return {
        account.id: max(Decimal(0), account.security_load * shares[account.id] / 100 - held.get(account.id, Decimal(0)))
        for account in accounts
        if account.security_load is not None and account.id in shares
    }


def _oldest_due(customer_ids: Sequence[int], today: date) -> dict[int, date]:
    query = (
        sa.select(Bill.customer_id, sa.func.min(Bill.due_on))
        .where(Bill.customer_id.in_(customer_ids), Bill.state.in_(OWED), Bill.due_on < today, Bill.amount > Bill.paid)
        .group_by(Bill.customer_id)
    )
    return {customer_id: day for customer_id, day in session.execute(query) if day is not None}


def _oldest_visit(account_ids: Sequence[int], today: date) -> dict[int, date]:
    """The due day of the visit longest overdue; one that waits for its review or for hazards has been made."""
    query = (
        sa.select(AccountVisit.account_id, sa.func.min(AccountVisit.due_on))
        .where(
            AccountVisit.account_id.in_(account_ids),
            AccountVisit.state.not_in(OVER),
            AccountVisit.visited_on.is_(None),
            AccountVisit.due_on < today,
        )
        .group_by(AccountVisit.account_id)
    )
    return {account_id: day for account_id, day in session.execute(query)}


def _count(
    column: sa.orm.InstrumentedAttribute[int], ids: Sequence[int], *wanted: sa.ColumnElement[bool]
) -> dict[int, int]:
    query = sa.select(column, sa.func.count()).where(column.in_(ids), *wanted).group_by(column)
    return {account_id: count for account_id, count in session.execute(query)}


def _share(value: Decimal | None, of: Decimal | None) -> Decimal | None:
    return (value / of).quantize(Decimal("0.001")) if value is not None and of else None


def _days(later: date | None, earlier: date | None) -> Decimal | None:
    return Decimal((later - earlier).days) if later is not None and earlier is not None else None
