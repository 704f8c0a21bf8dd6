"""By how much the power factor (功率因数) of the last bill fell short of the standard it was billed against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.billing.models import Bill
from app.kernel.db import session

COUNTED = ("issued", "part", "paid")
LINE = "power_factor"


def power_factor_gaps(customer_ids: Sequence[int]) -> dict[int, Decimal]:
    """The standard less cosφ by customer, from the newest bill that counts and was computed here.

    A bill has the line only where cosφ and standard differ; at or above the standard the gap is 0.
    Customers whose last bill carries no such line are left out.
    """
    place = sa.func.row_number().over(partition_by=Bill.customer_id, order_by=(Bill.to_on.desc(), Bill.id.desc()))
    counted = sa.select(Bill.id, place.label("place")).where(
        Bill.customer_id.in_(customer_ids), Bill.state.in_(COUNTED), Bill.kind != "credit"
    )
    last = counted.subquery()
    query = sa.select(Bill.customer_id, Bill.lines).join(last, last.c.id == Bill.id).where(last.c.place == 1)
    gaps = {customer_id: _gap(lines or []) for customer_id, lines in session.execute(query)}
    return {customer_id: gap for customer_id, gap in gaps.items() if gap is not None}


def _gap(lines: Sequence[Mapping[str, Any]]) -> Decimal | None:
    """The widest gap of the pieces of a bill, none where it was not adjusted."""
    adjusted = [line["params"] for line in lines if line.get("code") == LINE]
    gaps = [Decimal(params["standard"]) - Decimal(params["cos"]) for params in adjusted]
    return max(Decimal(0), *gaps) if gaps else None
