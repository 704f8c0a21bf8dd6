"""What a task's page shows of its outage: how it stands, and the way to the customers who are to be called back."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.engine.api import TaskView
from app.identity import queries as people
from app.identity.session import current_actor
from app.inbox.panels import Panel, panel
from app.kernel.errors import Forbidden, NotFound
from app.kernel.i18n import localized
from app.outages import labels
from app.outages.operations.restoring import NOT_YET
from app.outages.queries import outage_view
from app.outages.queries.handling import asked_counts, plan_of
from app.outages.views.handling.plans import importance, shown


@panel("outage_")
def outage_panel(task: TaskView, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001
    """The outage of the task."""
    try:
        found = outage_view(task.business_key or "", actor=current_actor(), now=now)
    except (NotFound, Forbidden):
        return None
    plan = plan_of(found.id)
    planner = people.users_named([plan.planner]).get(plan.planner) if plan else None
    context = {
        "outage": found,
        "counts": asked_counts(found.id),
        "labels": labels,
        "plan": plan,
        "planner": localized(planner.name, planner.name_en) if planner else "",
        "not_yet": found.status in NOT_YET,
        "shown": shown,
        "importance": importance,
        "span": labels.span_words,
    }
    return Panel(_("Outage %(number)s", number=found.number), "outages/handling/task_panel.html", context, order=10)
