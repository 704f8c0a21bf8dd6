"""Billing runs (电费发行): bill all customers of some segments or of a unit for a period.

A run is a chain of jobs, each a few hundred customers in one transaction: drafts, exceptions, the cursor and
the next job are written together, so that a run killed anywhere goes on where its last commit was, and
bills each customer once. Bills stay drafts until somebody releases the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.computing import CannotBill, Computed, compute
from app.billing.models import Bill, BillingException, BillingRun
from app.billing.operations.documents import number_of, values
from app.billing.periods import days_of
from app.billing.queries.contracts import Account, account_columns
from app.billing.queries.gathering import Prepared, prepare
from app.billing.queries.rules import current_book, house_on
from app.billing.rules import House
from app.customers.models import Customer
from app.identity import authority
from app.identity import queries as people
from app.kernel import audit, jobs, live
from app.kernel.actor import Actor
from app.kernel.db import session, table, write
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.numbering import next_number

CHUNK = 500
"""Customers in one transaction: long enough to spread its statements, short enough for others to write."""

STEP = "billing.run"


class RunNotFound(NotFound):
    code = "billing_run_not_found"


class RunNotNow(Conflict):
    """The run's state does not allow it."""

    code = "billing_run_not_now"


def start_run(*, period: str, unit: str, segments: Sequence[str] = (), actor: Actor, now: datetime) -> str:
    """Begin a run over the customers of a unit (of these reading segments only); returns its number.

    Right `bill.issue` at the unit. Raises `InvalidPeriod`, `Invalid` for a unit that is none.
    """
    days_of(period)
    found = people.unit_by_code(unit, at=now)
    if found is None:
        message = _l("There is no such unit.")
        raise Invalid(message, errors={"unit": [message]})
    authority.require(actor, "bill.issue", unit_path=found.path, now=now)
    run = BillingRun(
        number=next_number("FX", now=now),
        period=period,
        unit_code=found.code,
        unit_path=found.path,
        segments=sorted(set(segments)),
        requested_by=actor.ref,
        requested_at=now,
    )
    run.total = session.scalar(sa.select(sa.func.count()).select_from(_customers(run).subquery())) or 0
    session.add(run)
    session.flush()
    audit_run("billing.run_started", run, {"period": period}, actor=actor, now=now)
    _next_step(run, now)
    return run.number


def step(run_id: int, *, now: datetime, chunk: int = CHUNK) -> bool:
    """Bill the next customers of a run; returns whether more are to come."""
    run = session.get_one(BillingRun, run_id, with_for_update=True, populate_existing=True)
    if run.state not in ("queued", "running"):
        return False
    accounts = _next_accounts(run, chunk)
    if not accounts:
        run.state, run.finished_at = "done", now
        live.touch(topic(run))
        return False
    run.state = "running"
    _first, last = days_of(run.period)
    house = house_on(last)
    prepared = prepare(accounts, run.period, book=current_book(), house=house)
    rows, problems = _bill(run, prepared, house, now)
    if rows:
        write(table(Bill).insert(), rows)
    if problems:
        write(table(BillingException).insert(), problems)
    run.cursor = accounts[-1].id
    run.done += len(accounts)
    run.billed += len(rows)
    run.skipped += sum(bool(each.skipped) for each in prepared)
    run.exceptions += len(problems)
    run.energy += sum((row["energy"] for row in rows), Decimal(0))
    run.amount += sum((row["amount"] for row in rows), Decimal(0))
    session.flush()
    live.touch(topic(run))
    return True


def step_and_go_on(run_id: int, *, now: datetime) -> None:
    """A step, and the job for the next one."""
    if step(run_id, now=now):
        _next_step(session.get_one(BillingRun, run_id), now)


def topic(run: BillingRun) -> str:
    """The live topic of a run's page."""
    return f"billing_run:{run.number}"


def locked_run(number: str) -> BillingRun:
    """The run of this number, locked until the commit; raises `RunNotFound`."""
    run = session.scalar(sa.select(BillingRun).where(BillingRun.number == number).with_for_update())
    if run is None:
        raise RunNotFound(_l("There is no billing run %(number)s.", number=number))
    return run


def audit_run(action: str, run: BillingRun, details: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """Note an act on a run."""
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="billing_run",
        subject_id=run.number,
        unit_path=run.unit_path,
        details=details,
    )


def _next_step(run: BillingRun, now: datetime) -> None:
    jobs.enqueue(STEP, {"run_id": run.id}, now=now, key=f"{STEP}:{run.id}:{run.cursor}", run_at=now + timedelta(0))


def _customers(run: BillingRun) -> sa.Select[Any]:
    rows = table(Customer)
    query = sa.select(*account_columns()).where(
        rows.c.unit_path.startswith(run.unit_path, autoescape=True), rows.c.status != "closed"
    )
    return query.where(rows.c.segment_code.in_(run.segments)) if run.segments else query


def _next_accounts(run: BillingRun, chunk: int) -> list[Account]:
    query = _customers(run).where(Customer.id > run.cursor).order_by(Customer.id).limit(chunk)
    return [Account(*row) for row in session.execute(query)]


def _bill(
    run: BillingRun, prepared: Sequence[Prepared], house: House, now: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of drafts and of exceptions."""
    drafts: list[tuple[Prepared, Computed]] = []
    problems: list[dict[str, Any]] = []
    for each in prepared:
        if each.refusal is not None:
            problems.append(_problem(run, each.account, each.refusal, blocking=True))
        elif each.case is not None:
            try:
                computed = compute(each.case, house)
            except CannotBill as refusal:
                problems.append(_problem(run, each.account, refusal, blocking=True))
                continue
            drafts.append((each, computed))
            if strange := outlier(each, computed, house):
                problems.append(_problem(run, each.account, strange, blocking=False))
    rounds = _rounds([each.account.id for each, _computed in drafts], run.period)
    rows = []
    for each, computed in drafts:
        round_ = rounds.get(each.account.id, 0) + 1
        case = each.case
        assert case is not None
        row = values(each.account, run.period, (case.from_on, case.to_on), computed)
        row |= {
            "number": number_of(each.account.number, run.period, round_),
            "round": round_,
            "state": "draft",
            "run_id": run.id,
            "created_by": run.requested_by,
            "created_at": now,
        }
        rows.append(row)
    return rows, problems


def outlier(each: Prepared, computed: Computed, house: House) -> CannotBill | None:
    """Whether the energy is far from the customer's usual, by the rule's bounds."""
    case, rules = each.case, house.readings
    if case is None or each.usual is None:
        return None
    expected = each.usual * (case.to_on - case.from_on).days
    if abs(computed.energy - expected) < rules.outlier_small:
        return None
    if rules.outlier_least * expected <= computed.energy <= rules.outlier_most * expected:
        return None
    return CannotBill("outlier", energy=computed.energy, usual=round(expected))


def _rounds(customer_ids: Sequence[int], period: str) -> dict[int, int]:
    """The last round of the period's documents (void or credited ones) of each customer."""
    rows = table(Bill)
    query = (
        sa.select(rows.c.customer_id, sa.func.max(rows.c.round))
        .where(rows.c.customer_id.in_(customer_ids), rows.c.period == period)
        .group_by(rows.c.customer_id)
    )
    return {customer_id: round_ for customer_id, round_ in session.execute(query)}


def _problem(run: BillingRun, account: Account, refusal: CannotBill, *, blocking: bool) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "customer_id": account.id,
        "kind": refusal.kind,
        "blocking": blocking,
        "details": refusal.details,
        "state": "open",
    }
