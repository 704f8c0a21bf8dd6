"""Bills of fictive customers in very great number, for measurements: plain price times energy, without lines.

Demo bills that people read are computed by the tariffs; a million customers' two years would take
hours so. These have the right shape, sums and states, and say by `source` what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from app.billing.models import Bill
from app.customers.fictive.registers import energies
from app.customers.fictive.rows import SOURCE, Settled
from app.customers.fictive.words import words
from app.customers.fictive.writing import next_id, settle_sequence, write
from app.kernel.db import table

COLUMNS = (
    *("id", "number", "revision", "customer_id", "unit_code", "unit_path", "period", "round", "kind"),
    *("from_on", "to_on", "energy", "amount", "paid", "late_paid", "late_class", "state"),
    *("issued_on", "due_on", "reason", "source", "created_by"),
)
CENT = Decimal("0.01")
UNPAID_OF = 20
"""One of so many has not paid the last bill."""


def add_bills(settled: Sequence[Settled], days: list[date]) -> None:
    """A follower of `customers.fictive.loading.load`: a bill for each month between two readings."""
    write(table(Bill), COLUMNS, _rows(settled, days, next_id(table(Bill))))
    settle_sequence(table(Bill))


def _rows(settled: Sequence[Settled], days: list[date], first: int) -> Iterator[tuple[object, ...]]:
    months = [
        (f"{begin:%Y%m}", begin, end, end + timedelta(days=words()["plain_due_days"])) for begin, end in pairwise(days)
    ]
    prices = {kind: Decimal(price) for kind, price in words()["plain_prices"].items()}
    number = first
    for each in settled:
        home, price = each.home, prices[each.home.kind]
        late = "resident" if home.kind == "lv_resident" else "other"
        for place, used in enumerate(energies(each.n, home, days[:-1])):
            period, begin, end, due = months[place]
            energy = used * home.multiplier
            amount = (energy * price).quantize(CENT)
            owed = place == len(months) - 1 and each.n % UNPAID_OF == 0
            paid, state = (Decimal(0), "issued") if owed else (amount, "paid")
            key = (number, f"{home.number}-{period}-F", 1, each.id, home.unit, each.unit_path, period, 1, "regular")
            money = (begin, end, energy, amount, paid, 0, late, state)
            yield (*key, *money, end, due, "", SOURCE, SOURCE)
            number += 1
