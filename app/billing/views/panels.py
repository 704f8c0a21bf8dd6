"""What billing adds to the customer's page: bills, arrears, payments, and the form for a payment."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _

from app.billing.queries.arrears import arrears_of
from app.billing.queries.bills import VIEW, bills_of
from app.billing.queries.gathering import final_span
from app.billing.queries.payments import payments_of
from app.billing.queries.promises import promises_of
from app.billing.views.shown import words
from app.customers.models import Customer
from app.customers.panels import Panel, panel
from app.identity import authority
from app.identity.session import current_actor
from app.kernel.clock import LOCAL
from app.kernel.db import session


@panel("bills", tab="bills")
def bills(customer_id: int, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001
    """The customer's bills of two years, with what is owed."""
    customer = _readable(customer_id, now)
    if customer is None:
        return None
    actor = current_actor()
    context = {
        "customer": customer.number,
        "balance": customer.balance,
        "cut_off": customer.cut_off,
        "arrears": arrears_of(customer_id, at=now),
        "rows": bills_of(customer_id, at=now),
        "payments": payments_of(customer_id),
        "final": _final(customer, now),
        "may_pay": authority.may(actor, "payment.record", unit_path=customer.unit_path, now=now),
        "today": now.astimezone(LOCAL).date().isoformat(),
        **words(),
    }
    return Panel(_("Bills and payments"), "billing/_customer_bills.html", context, order=10, tab="bills")


@panel("arrears", tab="overview")
def arrears(customer_id: int, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001
    """What the customer owes, where anything."""
    customer = _readable(customer_id, now)
    found = arrears_of(customer_id, at=now) if customer else None
    promises = promises_of(customer_id) if customer else []
    if customer is None or found is None or not (found.total or found.open or promises):
        return None
    context = {
        "customer": customer.number,
        "arrears": found,
        "balance": customer.balance,
        "promises": promises,
        **words(),
    }
    return Panel(_("Owed"), "billing/_customer_owed.html", context, order=20, tab="overview")


def _final(customer: Customer, now: datetime) -> date | None:
    """The day up to which a final bill can be issued by this reader; None where nothing is to be billed so."""
    if not authority.may(current_actor(), "bill.issue", unit_path=customer.unit_path, now=now):
        return None
    span = final_span(customer.id)
    return span[1] if span is not None and span[0] < span[1] else None


def _readable(customer_id: int, now: datetime) -> Customer | None:
    customer = session.get(Customer, customer_id)
    if customer is None or not authority.may(current_actor(), VIEW, unit_path=customer.unit_path, now=now):
        return None
    return customer
