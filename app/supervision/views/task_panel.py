"""Beside a task of a 督办: what was asked and answered so far, and the order itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from app.engine.api import TaskView
from app.identity.session import current_actor
from app.inbox.censors import censor
from app.inbox.panels import Panel, panel
from app.kernel.actor import Actor
from app.supervision import labels
from app.supervision.operations.supervising import PROCESS
from app.supervision.queries.cases import case_named
from app.supervision.queries.words import words
from app.workorders.queries.details import details
from app.workorders.queries.orders import find
from app.workorders.queries.secrecy import hidden_from, redactor
from app.workorders.views.order import shown


@panel(PROCESS)
def supervision_panel(task: TaskView, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001
    """Who holds a task of a 督办 may see it."""
    case = case_named(task.business_key or "")
    if case is None:
        return None
    context = {"case": case, "reasons": words("reason"), "labels": labels}
    return Panel(_("Supervision %(number)s", number=case.number), "supervision/task_panel.html", context, order=5)


@panel(PROCESS)
def order_panel(task: TaskView, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001
    """The order that is supervised, through the workorders' gate."""
    case = case_named(task.business_key or "")
    order = find(case.order_number) if case else None
    if order is None:
        return None
    context = shown(details(order, actor=current_actor(), now=now)) | {"twins": []}
    return Panel(_("Order %(number)s", number=order.number), "workorders/panel.html", context, order=10)


@censor
def person_of_supervised_order(
    process_key: str, business_key: str | None, *, actor: Actor, now: datetime
) -> Callable[[str], str] | None:
    """What was typed into the steps of a 督办 names nobody to those who must not know who is behind its order."""
    case = case_named(business_key or "") if process_key == PROCESS else None
    order = find(case.order_number) if case else None
    return redactor(order) if order is not None and hidden_from(order, actor=actor, now=now) else None
