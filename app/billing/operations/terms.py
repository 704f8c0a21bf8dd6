"""What a contract says over time: another tariff or capacity, contract demand, household, losses, never to be cut."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.models import Bill, BillingTerms, Tariff
from app.billing.operations import ledger
from app.billing.operations.paying import customer_of
from app.billing.queries.histories import UNDONE
from app.customers.models import Customer
from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound

RIGHT = "bill.issue"
MOST = Decimal("9999999999.99")
MOST_LOSS = Decimal("99999999.999")
"""What the columns hold."""
MOST_PEOPLE = 999


class BadTerms(Invalid):
    """`details["errors"]` by field."""

    code = "billing_terms_invalid"


class TermsOverlap(Conflict):
    """Later terms begin within the days given: `details["from"]`."""

    code = "billing_terms_overlap"


class TermsInUse(Conflict):
    """Bills were computed by these terms."""

    code = "billing_terms_in_use"


class TermsNotFound(NotFound):
    code = "billing_terms_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerms:
    """As `models.BillingTerms`; None or nothing leaves the customer's own row in force."""

    valid_from: date
    valid_to: date | None = None
    tariff_code: str = ""
    capacity: Decimal | None = None
    contract_demand: Decimal | None = None
    household: int = 0
    loss_rate: Decimal = Decimal(0)
    loss_fixed: Decimal = Decimal(0)
    do_not_cut: str = ""


def add_terms(customer_number: str, given: NewTerms, *, actor: Actor, now: datetime) -> list[str]:
    """Let terms hold from a day on; those in force then end there, and go on behind a last day that is given.

    Returns the bills that cover days of theirs and may need a correction. Right `bill.issue`. Raises
    `CustomerUnknown`, `BadTerms`, `TermsOverlap`.
    """
    customer = customer_of(customer_number)
    authority.require(actor, RIGHT, unit_path=customer.unit_path, now=now)
    _check(given)
    customer = ledger.lock_customer(customer.id)
    before = _before(customer.id, given)
    if before is not None:
        _make_room(before, given)
    session.add(BillingTerms(customer_id=customer.id, **asdict(given)))
    session.flush()
    shown = {name: str(value) for name, value in asdict(given).items() if value}
    _audit("billing_terms.added", customer, shown, actor=actor, now=now)
    return _bills_since(customer.id, given.valid_from, given.valid_to)


def withdraw_terms(terms_id: int, *, actor: Actor, now: datetime) -> str:
    """Take terms back that no bill was computed by; returns the customer's number. Right `bill.issue`.

    Raises `TermsNotFound`, `TermsInUse`.
    """
    row = session.get(BillingTerms, terms_id)
    if row is None:
        raise TermsNotFound(_l("There are no such terms."))
    customer = session.get_one(Customer, row.customer_id)
    authority.require(actor, RIGHT, unit_path=customer.unit_path, now=now)
    if bills := _bills_since(customer.id, row.valid_from, row.valid_to):
        raise TermsInUse(_l("Bill %(number)s was computed by these terms: add others behind them.", number=bills[0]))
    session.delete(row)
    session.flush()
    _audit("billing_terms.withdrawn", customer, {"valid_from": row.valid_from.isoformat()}, actor=actor, now=now)
    return customer.number


def _check(given: NewTerms) -> None:
    errors: dict[str, list[Any]] = {}
    if given.valid_to is not None and given.valid_to <= given.valid_from:
        errors["valid_to"] = [_l("The last day must come after the first one.")]
    known = sa.select(Tariff.id).where(Tariff.code == given.tariff_code).limit(1)
    if given.tariff_code and session.scalar(known) is None:
        errors["tariff_code"] = [_l("There is no tariff %(code)s.", code=given.tariff_code)]
    bounds: dict[str, Decimal | int] = {
        "capacity": MOST, "contract_demand": MOST, "household": MOST_PEOPLE, "loss_rate": 1, "loss_fixed": MOST_LOSS,
    }  # fmt: skip
    for name, most in bounds.items():
        value = getattr(given, name)
        if value is not None and not (Decimal(value).is_finite() and 0 <= value <= most):
            errors[name] = [_l("A number from 0 to %(most)s is needed.", most=most)]
    if len(given.do_not_cut) > 200:
        errors["do_not_cut"] = [_l("At most 200 characters.")]
    if errors:
        raise BadTerms(_l("The terms are not complete."), errors=errors)


def _before(customer_id: int, given: NewTerms) -> BillingTerms | None:
    """The terms in force on the first day, which have to make room; raises `TermsOverlap` for later ones."""
    query = sa.select(BillingTerms).where(
        BillingTerms.customer_id == customer_id,
        sa.or_(BillingTerms.valid_to.is_(None), BillingTerms.valid_to > given.valid_from),
    )
    if given.valid_to is not None:
        query = query.where(BillingTerms.valid_from < given.valid_to)
    found = session.scalars(query.order_by(BillingTerms.valid_from)).all()
    later = next((row for row in found if row.valid_from >= given.valid_from), None)
    if later is not None:
        day = later.valid_from.isoformat()
        message = _l("Other terms begin on %(day)s: take them back first, or end these before.", day=day)
        raise TermsOverlap(message, **{"from": day})
    return found[0] if found else None


def _make_room(before: BillingTerms, given: NewTerms) -> None:
    end = before.valid_to
    before.valid_to = given.valid_from
    if given.valid_to is not None and (end is None or end > given.valid_to):
        kept = {each.name: getattr(before, each.name) for each in fields(NewTerms)}
        session.add(
            BillingTerms(customer_id=before.customer_id, **kept | {"valid_from": given.valid_to, "valid_to": end})
        )


def _bills_since(customer_id: int, on: date, until: date | None) -> list[str]:
    query = sa.select(Bill.number).where(
        Bill.customer_id == customer_id, Bill.to_on > on, Bill.state.not_in((*UNDONE, "draft"))
    )
    if until is not None:
        query = query.where(Bill.from_on < until)
    return list(session.scalars(query.order_by(Bill.from_on)))


def _audit(action: str, customer: Customer, details: dict[str, str], *, actor: Actor, now: datetime) -> None:
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="customer",
        subject_id=customer.number,
        unit_path=customer.unit_path,
        details=details,
    )
