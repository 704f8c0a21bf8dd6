"""A billing run: customers a second of CPU, everything included (reading, computing, writing, commits)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.billing import operations
from app.billing.models import Bill, BillingRun
from app.billing.operations import running
from app.customers.models import Customer, Meter, Premises, Reading
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session, table
from tests.bench.house import NOW, house
from tests.bench.measure import tell
from tests.billing.accounts import prepare_rules
from tests.identity.factories import make_unit

PERIOD = "202603"
CLOSING, OPENING = date(2026, 3, 1), date(2026, 2, 1)
MONTHS_BEFORE = 12
"""Bills each customer has already: the year's use and the usual use are read from them."""

MIX = (
    ("GM-RES-Y", 74, ()),
    ("GM-RES-TOU", 10, ("valley",)),
    ("GM-COM", 10, ()),
    ("GM-COM-TOU", 4, ("sharp", "peak", "valley", "deep")),
    ("GM-IND-CAP", 2, ("sharp", "peak", "valley", "deep", "reactive")),
)
"""Tariffs of a hundred customers, and the registers read beside the total."""

BUDGET = 60.0
"""Seconds for 100,000 customers on one core."""


def measure(count: int) -> None:
    """Print customers billed a second of CPU, against what the budget asks for, and the seconds for 100,000."""
    with house():
        prepare_rules()
        unit = make_unit("BENCH")
        _fill(count, unit.path)
        number = db.run(lambda: operations.start_run(period=PERIOD, unit="BENCH", actor=SYSTEM, now=NOW))
        run_id = session.query(BillingRun.id).filter_by(number=number).scalar()
        session.remove()
        before = time.process_time()
        while db.run(lambda: running.step(run_id, now=NOW)):
            session.expunge_all()
        taken = time.process_time() - before
        run = session.get_one(BillingRun, run_id)
        if (run.billed, run.exceptions) != (count, 0):
            raise AssertionError(f"{run.billed} of {count} billed, {run.exceptions} exceptions")
        tell("billing.run", count / taken, "customers/s", against=100_000 / BUDGET)
        tell("billing.run_100k", taken / count * 100_000, "s", against=BUDGET)


def _fill(count: int, path: str) -> None:
    """`count` customers with a meter, two readings and a year of bills."""
    for start in range(1, count + 1, 5000):
        ids = range(start, min(start + 5000, count + 1))
        db.run(lambda ids=ids: _write(ids, path))


def _write(ids: range, path: str) -> None:
    shared: dict[str, Any] = {"unit_code": "BENCH", "unit_path": path}
    kinds = [tariff for tariff, share, _registers in MIX for _each in range(share)]
    session.execute(table(Premises).insert(), [{"id": each, "address": "基准路", **shared} for each in ids])
    session.execute(
        table(Customer).insert(),
        [
            {
                "id": each,
                "number": f"33{each:010d}",
                "name": "基准",
                "premises_id": each,
                "tariff_code": kinds[each % 100],
                "running_capacity": Decimal(500),
                "created_at": NOW,
                "updated_at": NOW,
                **shared,
            }
            for each in ids
        ],
    )
    opened = date(2024, 1, 1)
    session.execute(
        table(Meter).insert(),
        [{"id": each, "customer_id": each, "number": f"B{each}", "installed_on": opened} for each in ids],
    )
    session.execute(table(Reading).insert(), [row for each in ids for row in _readings(each, kinds[each % 100])])
    session.execute(table(Bill).insert(), [row for each in ids for row in _bills(each, shared)])


def _readings(each: int, tariff: str) -> Iterator[dict[str, Any]]:
    registers = next(registers for code, _share, registers in MIX if code == tariff)
    energy = 120 + each % 200
    for on, times in ((OPENING, 13), (CLOSING, 14)):
        row: dict[str, Any] = dict.fromkeys(("sharp", "peak", "valley", "deep", "reactive"))
        row |= {name: Decimal(energy * times) / 6 for name in registers}
        yield {"meter_id": each, "read_on": on, "kind": "regular", "total": Decimal(energy * times), **row}


def _bills(each: int, shared: dict[str, Any]) -> Iterator[dict[str, Any]]:
    at = OPENING
    for back in range(MONTHS_BEFORE):
        begin = (at - timedelta(days=1)).replace(day=1)
        yield {
            "number": f"B{each}-{back}",
            "customer_id": each,
            "period": f"{at:%Y%m}",
            "from_on": begin,
            "to_on": at,
            "energy": Decimal(120 + each % 200),
            "amount": Decimal(80),
            "paid": Decimal(80),
            "state": "paid",
            "issued_on": at,
            "due_on": at + timedelta(days=20),
            **shared,
        }
        at = begin
