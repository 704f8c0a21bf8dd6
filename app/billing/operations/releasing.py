"""Release a run's drafts as issued bills, or discard them; accept bills that were looked at."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.models import Bill, BillingException, BillingRun, Tariff
from app.billing.operations import ledger
from app.billing.operations.documents import due_day
from app.billing.operations.paying import use_balance
from app.billing.operations.running import RunNotNow, audit_run, locked_run, topic
from app.billing.queries.rules import version_of
from app.customers.models import Customer
from app.identity import authority
from app.kernel import jobs, live
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session, table, write
from app.kernel.errors import NotFound

CHUNK = 500
BALANCES = "billing.use_balances"


class ExceptionNotFound(NotFound):
    code = "billing_exception_not_found"


def release_run(number: str, *, actor: Actor, now: datetime) -> int:
    """Issue the run's drafts but those whose energy nobody has accepted; returns how many.

    Can be done again for what was accepted later. Right `bill.issue`. Raises `RunNotFound`, `RunNotNow`.
    """
    run = locked_run(number)
    authority.require(actor, "bill.issue", unit_path=run.unit_path, now=now)
    if run.state not in ("done", "released"):
        raise RunNotNow(_l("Run %(number)s is not ready to be released.", number=number), state=run.state)
    today = ledger.local_day(now)
    bills = table(Bill)
    ready = (bills.c.run_id == run.id, bills.c.state == "draft", bills.c.customer_id.not_in(_held(run.id)))
    used = session.scalars(sa.select(bills.c.tariff_id).where(*ready).distinct()).all()
    issued = 0
    for tariff in session.scalars(sa.select(Tariff).where(Tariff.id.in_(used))):
        due = due_day(version_of(tariff).rules.due, today)
        done = write(
            bills.update()
            .where(*ready, bills.c.tariff_id == tariff.id)
            .values(
                state=sa.case((bills.c.amount > 0, "issued"), else_="paid"),
                issued_on=today,
                due_on=due,
                revision=bills.c.revision + 1,
            )
        )
        issued += done.rowcount
    session.expire_all()
    run.state, run.released_by, run.released_at = "released", actor.ref, now
    session.flush()
    audit_run("billing.run_released", run, {"bills": issued}, actor=actor, now=now)
    live.touch(topic(run))
    jobs.enqueue(BALANCES, {"run_id": run.id, "after": 0}, now=now)
    return issued


def use_balances(run_id: int, after: int, *, now: datetime) -> None:
    """Pay the released bills of those who hold money in advance, some customers at a time."""
    query = (
        sa.select(Customer.id)
        .join(Bill, Bill.customer_id == Customer.id)
        .where(Bill.run_id == run_id, Bill.state.in_(("issued", "part")), Customer.balance > 0, Customer.id > after)
        .order_by(Customer.id)
        .limit(CHUNK)
    )
    ids = session.scalars(query).all()
    for customer_id in ids:  # all before the first number is drawn, which others hold a customer for
        ledger.lock_customer(customer_id)
    for customer_id in ids:
        use_balance(customer_id, on=ledger.local_day(now), actor=SYSTEM, now=now)
    if len(ids) == CHUNK:
        jobs.enqueue(BALANCES, {"run_id": run_id, "after": ids[-1]}, now=now)


def discard_run(number: str, *, actor: Actor, now: datetime) -> int:
    """Throw the run's drafts away, to be computed anew; returns how many. Right `bill.issue`.

    Raises `RunNotFound`, `RunNotNow` (released or still at work).
    """
    run = locked_run(number)
    authority.require(actor, "bill.issue", unit_path=run.unit_path, now=now)
    if run.state != "done":
        raise RunNotNow(_l("Run %(number)s cannot be discarded now.", number=number), state=run.state)
    gone = write(table(Bill).delete().where(table(Bill).c.run_id == run.id, table(Bill).c.state == "draft"))
    write(
        table(BillingException)
        .update()
        .where(table(BillingException).c.run_id == run.id, table(BillingException).c.state == "open")
        .values(state="closed", resolved_by=actor.ref, resolved_at=now)
    )
    session.expire_all()
    run.state = "discarded"
    session.flush()
    audit_run("billing.run_discarded", run, {"bills": gone.rowcount}, actor=actor, now=now)
    live.touch(topic(run))
    return int(gone.rowcount)


def settle_exception(exception_id: int, *, accept: bool, note: str, actor: Actor, now: datetime) -> str:
    """Accept a bill whose energy is unusual, or close an exception without a bill; returns the run's number.

    Right `bill.issue`. Raises `ExceptionNotFound`, `RunNotNow` where it was settled before.
    """
    row = session.get(BillingException, exception_id, with_for_update=True)
    run = session.get(BillingRun, row.run_id) if row is not None else None
    if row is None or run is None:
        raise ExceptionNotFound(_l("There is no such exception."))
    authority.require(actor, "bill.issue", unit_path=run.unit_path, now=now)
    if row.state != "open" or (accept and row.blocking):
        raise RunNotNow(_l("This exception is settled, or cannot be accepted."), state=row.state)
    row.state = "accepted" if accept else "closed"
    row.note, row.resolved_by, row.resolved_at = note[:300], actor.ref, now
    if not accept and not row.blocking:
        write(
            table(Bill)
            .update()
            .where(
                table(Bill).c.run_id == run.id,
                table(Bill).c.customer_id == row.customer_id,
                table(Bill).c.state == "draft",
            )
            .values(state="void", reason=note[:500])
        )
        session.expire_all()
    session.flush()
    details = {"customer": row.customer_id, "kind": row.kind, "accepted": accept, "note": note}
    audit_run("billing.exception_settled", run, details, actor=actor, now=now)
    return run.number


def _held(run_id: int) -> sa.Select[int]:
    """Customers whose drafts wait for somebody's look."""
    return sa.select(BillingException.customer_id).where(
        BillingException.run_id == run_id, BillingException.state == "open", ~BillingException.blocking
    )
