"""Beside a visit's or consent's task: the account, its alerts, the last visit."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.engine import api as engine
from app.engine.api import TaskView
from app.inbox.panels import Panel, panel
from app.keyaccounts import labels
from app.keyaccounts.days import day_of
from app.keyaccounts.queries.accounts import find_account, supplies_of
from app.keyaccounts.queries.alerts import alerts_of
from app.keyaccounts.queries.visits import hazards_of, visits_of
from app.keyaccounts.views import words

PROCESSES = ("key_account_visit", "outage_consent")


@panel("")
def account_panel(task: TaskView, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001
    """Who holds a task of an account may see the account."""
    if task.process_key not in PROCESSES:
        return None
    number = str(engine.task_data(task.id).get("account") or "")
    found = find_account(number, on=day_of(now))
    if found is None:
        return None
    last = next((visit for visit in visits_of(found.id) if visit.visited_on is not None), None)
    context = {
        "a": found,
        "alerts": alerts_of([found], now=now)[found.id],
        "last": last,
        "hazards": hazards_of([found.id], open_only=True),
        "supplies": supplies_of(found.id),
        "labels": labels,
        "words": words,
    }
    return Panel(_("Key account"), "keyaccounts/task_panel.html", context, order=10)
