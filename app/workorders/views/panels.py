"""What the task page shows of an order: its facts, its limits, what may be the same fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from app.engine.api import TaskView
from app.identity.session import current_actor
from app.inbox.censors import censor
from app.inbox.panels import Panel, panel
from app.kernel.actor import Actor
from app.workorders.queries.details import details
from app.workorders.queries.duplicates import possible_duplicates
from app.workorders.queries.orders import find
from app.workorders.queries.secrecy import hidden_from, redactor
from app.workorders.queries.tree import processes
from app.workorders.views.order import shown

HELPERS = frozenset({"callback", "assistance", "reminder", "order_dispatch", "order_review", "order_answer"})
"""Processes beside an order's own whose tasks are about an order."""


@panel("")
def order_panel(task: TaskView, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001
    """The order of the task. Who holds a task of an order may see the order."""
    order = find(task.business_key) if task.business_key and _about_order(task.process_key) else None
    if order is None:
        return None
    actor = current_actor()
    everything = details(order, actor=actor, now=now)
    twins = (
        []
        if everything.secret
        else possible_duplicates(
            unit_path=order.unit_path,
            account_no=order.account_no,
            phone=order.contact_phone,
            address=order.address,
            transformer_area=order.transformer_area,
            now=now,
            exclude=order.id,
            category=order.category,
            actor=actor,
            limit=5,
        )
    )
    context = shown(everything) | {"twins": [twin for twin in twins if twin.order.main_order_id != order.id]}
    return Panel(_("Order %(number)s", number=order.number), "workorders/panel.html", context, order=10)


@censor
def person_of_order(
    process_key: str, business_key: str | None, *, actor: Actor, now: datetime
) -> Callable[[str], str] | None:
    """What was typed into the steps of a secret order names nobody to those who must not know them."""
    order = find(business_key) if business_key and _about_order(process_key) else None
    return redactor(order) if order is not None and hidden_from(order, actor=actor, now=now) else None


def _about_order(process_key: str) -> bool:
    return process_key in HELPERS or process_key in processes()
