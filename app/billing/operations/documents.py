"""Bills as rows: numbers, rounds, due days, computed values."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.billing.computing import Computed
from app.billing.models import Bill
from app.billing.periods import following
from app.billing.queries.contracts import Account
from app.billing.rules.tariff import Due
from app.kernel.db import session


def number_of(customer_number: str, period: str, round_: int) -> str:
    """The number of a bill (`ZD202603` + 户号 + round): two people who bill the same get the same number."""
    return f"ZD{period}{customer_number}{round_:02d}"


def next_round(customer_id: int, period: str) -> int:
    """The round of the next document of a customer and period."""
    query = sa.select(sa.func.max(Bill.round)).where(Bill.customer_id == customer_id, Bill.period == period)
    return (session.scalar(query) or 0) + 1


def due_day(due: Due, issued_on: date) -> date:
    """When a bill issued on a day is due by the tariff's rule."""
    if due.days is not None:
        return issued_on + timedelta(days=due.days)
    month = following(issued_on)
    return month.replace(day=due.day or 1)


def values(account: Account, period: str, case_days: tuple[date, date], computed: Computed) -> dict[str, Any]:
    """The columns of a bill that the computation says, as they are inserted."""
    return {
        "customer_id": account.id,
        "unit_code": account.unit_code,
        "unit_path": account.unit_path,
        "period": period,
        "from_on": case_days[0],
        "to_on": case_days[1],
        "energy": computed.energy,
        "year_energy": computed.year_energy,
        "amount": computed.amount,
        "late_class": computed.version.rules.late_class,
        "tariff_id": computed.version.id,
        "lines": [line.plain() for line in computed.lines],
        "facts": computed.facts,
    }


def settled_state(amount: Decimal) -> str:
    """The state a bill is issued in: one over nothing is paid."""
    return "issued" if amount > 0 else "paid"


def stamp(bill: Bill, due: Due, *, on: date, by: str, now: datetime) -> None:
    """Make a computed bill an issued one."""
    bill.state = settled_state(bill.amount)
    bill.issued_on, bill.due_on = on, due_day(due, on)
    bill.created_by, bill.created_at = by, now
