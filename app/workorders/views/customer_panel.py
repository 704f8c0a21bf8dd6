"""The orders of a customer on the customer's page: under way first, those the reader may see."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.customers.models import Customer
from app.customers.panels import Panel, panel
from app.identity import authority
from app.identity.session import current_actor
from app.kernel.db import session
from app.workorders.labels import COLOUR, status_label
from app.workorders.models import CLOSED, WorkOrder
from app.workorders.queries.codes import all_names
from app.workorders.queries.orders import view
from app.workorders.queries.scope import READ, masked, readable
from app.workorders.queries.secrecy import hidden_from

MOST = 50


@panel("orders", tab="orders")
def orders_panel(customer_id: int, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001
    """Every order of the account."""
    return _panel(customer_id, now=now, open_only=False)


@panel("open_orders", tab="overview")
def open_orders_panel(customer_id: int, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001
    """What is under way, on the first tab."""
    return _panel(customer_id, now=now, open_only=True)


def _panel(customer_id: int, *, now: datetime, open_only: bool) -> Panel | None:
    actor = current_actor()
    paths = authority.paths(actor, READ, now=now)
    customer = session.get(Customer, customer_id)
    if not paths or customer is None:
        return None
    query = sa.select(WorkOrder).where(WorkOrder.account_no == customer.number, readable(paths))
    if open_only:
        query = query.where(WorkOrder.status.not_in(CLOSED))
    rows = session.scalars(query.order_by(WorkOrder.status.in_(CLOSED), WorkOrder.id.desc()).limit(MOST))
    known = [row for row in rows if not hidden_from(row, actor=actor, now=now)]  # the account would tell who complained
    orders = [masked(view(row), actor=actor, now=now) for row in known]
    if open_only and not orders:
        return None
    context = {
        "orders": orders,
        "names": all_names(),
        "status_label": status_label,
        "colour": COLOUR,
        "number": customer.number,
        "may_take": authority.may(actor, "order.create", unit_path=customer.unit_path, now=now),
    }
    title = _("Orders under way") if open_only else _("Work orders")
    return Panel(title, "workorders/customer_panel.html", context, order=10)
