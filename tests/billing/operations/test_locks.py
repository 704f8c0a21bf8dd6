"""Whoever moves a customer's money locks the customer first: a payment and a correction at one moment both succeed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.billing import operations
from app.billing.operations import NewPayment, paying
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import is_sqlite, session
from tests.billing.accounts import account, monthly

pytestmark = [pytest.mark.usefixtures("rules"), pytest.mark.databases]

PATIENCE = 20.0
"""Seconds after which the test gives up waiting for a lock to be asked for."""


def somebody_waits() -> bool:
    """Whether a connection waits for a lock (PostgreSQL)."""
    with db.db.engine.connect() as connection:
        waiting = "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted"
        return bool(connection.execute(sa.text(f"{waiting} AND datname = current_database()")).scalar())


@pytest.mark.parametrize("other", ["correct", "void"])
def test_a_payment_and_a_correction_do_not_wait_for_each_other(
    app: Flask, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """The correction held the bill and wanted the customer, the payment the other way round."""
    customer = account(clock, readings=monthly(date(2026, 1, 1), 600))
    number = customer.bill("202602", date(2026, 2, 2))
    customer.read(date(2026, 2, 1), 500, "correction")
    paying_now, now = threading.Event(), clock.now()
    on_sqlite, add = is_sqlite(), paying._add

    def slowly(*args: object, **values: object) -> object:
        """The payment has locked the customer, and waits until the other is in its way."""
        paying_now.set()
        deadline = time.monotonic() + (0.2 if on_sqlite else PATIENCE)  # SQLite has one writer: nobody can be seen
        while time.monotonic() < deadline and not (not on_sqlite and somebody_waits()):
            time.sleep(0.01)
        return add(*args, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(paying, "_add", slowly)
    given = NewPayment(
        customer=customer.number, amount=Decimal(300), source="bank", reference="B1", paid_on=date(2026, 2, 2)
    )

    def pay() -> object:
        return operations.record_payment(given, actor=SYSTEM, now=now)

    def undo() -> object:
        assert paying_now.wait(PATIENCE)
        change = operations.correct_bill if other == "correct" else operations.void_bill
        return change(number, reason="抄表差错", actor=SYSTEM, now=now)

    def once(work: Callable[[], object]) -> object:
        """In a transaction that is not tried again."""
        with app.app_context():
            try:
                return db.run(work, attempts=1)
            except operations.BillInUse as refusal:
                return refusal
            finally:
                session.remove()

    session.remove()
    with ThreadPoolExecutor(2) as pool:
        recorded, undone = pool.map(once, (pay, undo))
    assert getattr(recorded, "new", False)
    if other == "void":
        assert isinstance(undone, operations.BillInUse), "what was paid on meanwhile is not voided"
        assert (customer.find(number).state, customer.find(number).paid) == ("paid", Decimal("300.00"))
    else:
        new = customer.find(undone.bill)  # type: ignore[attr-defined]
        assert (new.amount, new.paid, new.state, customer.balance) == (
            Decimal("250.00"), Decimal("250.00"), "paid", Decimal("50.00"),
        )  # fmt: skip
