"""The outages of a customer on the customer's page."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.customers.models import Customer
from app.customers.panels import Panel, panel
from app.identity import authority
from app.identity.session import current_actor
from app.kernel.db import session
from app.outages.customer_records import outages_of
from app.outages.queries import of_customer
from app.outages.rights import READ

MOST = 20


@panel("outage", tab="overview")
def outage_panel(customer_id: int, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001
    """The outage the customer is in now, with what to tell them."""
    customer = session.get(Customer, customer_id)
    if customer is None or not authority.may(current_actor(), READ, unit_path=customer.unit_path, now=now):
        return None
    found = of_customer(customer_id, now)
    if found is None:
        return None
    context = {"found": found, "text": found.text(now=now)}
    return Panel(_("Without supply now"), "outages/customer_now.html", context, order=1)


@panel("outages", tab="orders")
def outages_panel(customer_id: int, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001
    """All outages of the customer, newest first."""
    customer = session.get(Customer, customer_id)
    if customer is None or not authority.may(current_actor(), READ, unit_path=customer.unit_path, now=now):
        return None
    rows = outages_of([customer.number], since=None, until=None, open_only=False).get(customer.number, ())
    if not rows:
        return None
    return Panel(_("Outages of the customer"), "outages/customer_panel.html", {"records": rows[:MOST]}, order=30)
