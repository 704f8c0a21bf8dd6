"""What was billed before, for many customers at once: where the next bill begins, the year's use, the usual use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.billing.models import Bill
from app.kernel.db import session, table

UNDONE = ("void", "credited")
"""States of bills that no longer count."""

ZERO = Decimal(0)


@dataclass(slots=True)
class Past:
    """A customer's bills that count, earliest first: (period, from, to, energy, energy of the last day's year)."""

    bills: list[tuple[str, date, date, Decimal, Decimal]] = field(default_factory=list)

    @property
    def billed_to(self) -> date | None:
        """The day the last bill ends (not included)."""
        return self.bills[-1][2] if self.bills else None

    def has(self, period: str) -> bool:
        """Whether the period is billed."""
        return any(each[0] == period for each in self.bills)

    def year_before(self, day: date) -> Decimal:
        """Energy billed in the year of `day` before it, kWh. A bill belongs to the year of its last day."""
        begin = date(day.year, 1, 1)
        return sum((each[4] for each in self.bills if begin < each[2] <= day), ZERO)

    def usual(self, day: date, periods: int) -> Decimal | None:
        """Mean energy a day of the last bills before `day`, kWh; None where there are none."""
        before = [each for each in self.bills if each[2] <= day][-periods:]
        days = sum((each[2] - each[1]).days for each in before)
        return sum((each[3] for each in before), ZERO) / days if days else None


def pasts(customer_ids: Sequence[int], *, since: date, without: Iterable[int] = ()) -> dict[int, Past]:
    """The past of each customer: bills that end after `since`, and the last one where all are older."""
    rows = table(Bill)
    found: dict[int, Past] = {customer_id: Past() for customer_id in customer_ids}
    columns = (rows.c.customer_id, rows.c.period, rows.c.from_on, rows.c.to_on, rows.c.energy, rows.c.year_energy)
    counts = (rows.c.state.not_in(UNDONE), rows.c.id.not_in(list(without)))
    query = sa.select(*columns).where(rows.c.customer_id.in_(customer_ids), rows.c.to_on > since, *counts)
    for customer_id, period, from_on, to_on, energy, year in session.execute(query.order_by(rows.c.to_on)):
        found[customer_id].bills.append((period, from_on, to_on, energy, energy if year is None else year))
    older = [customer_id for customer_id, past in found.items() if not past.bills]
    if older:
        last = (
            sa.select(rows.c.customer_id, sa.func.max(rows.c.to_on).label("to_on"))
            .where(rows.c.customer_id.in_(older), *counts)
            .group_by(rows.c.customer_id)
            .subquery()
        )
        both = sa.and_(rows.c.customer_id == last.c.customer_id, rows.c.to_on == last.c.to_on)
        for customer_id, period, from_on, to_on, energy, year in session.execute(
            sa.select(*columns).join(last, both).where(*counts)
        ):
            found[customer_id].bills.append((period, from_on, to_on, energy, energy if year is None else year))
    return found
