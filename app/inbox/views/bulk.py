"""Claiming or assigning the selected tasks of the list."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.identity.session import acting
from app.inbox import operations
from app.inbox.operations.bulk import BulkResult
from app.inbox.views.blueprint import blueprint
from app.inbox.views.inputs import person, text
from app.web.access import requires
from app.web.redirects import go, safe_next

REASONS_SHOWN = 5


@blueprint.post("/inbox/claim")
@requires("task.work")
def claim_selected() -> ResponseReturnValue:
    """Take every selected task that can be taken."""
    result = operations.claim_many(request.form.getlist("task"), **acting())
    if result.done:
        number = len(result.done)
        flash(ngettext("You took %(num)d task.", "You took %(num)d tasks.", number), "success")
    return _reported(result)


@blueprint.post("/inbox/assign")
@requires("task.assign")
def assign_selected() -> ResponseReturnValue:
    """Give every selected task to one person."""
    result = operations.assign_many(request.form.getlist("task"), person(), text=text("note"), **acting())
    if result.done:
        number = len(result.done)
        flash(ngettext("%(num)d task is assigned.", "%(num)d tasks are assigned.", number), "success")
    return _reported(result)


def _reported(result: BulkResult) -> ResponseReturnValue:
    """Say which tasks were refused and why, then back to the list."""
    if result.refused:
        reasons = list(dict.fromkeys(reason for _task, reason in result.refused))[:REASONS_SHOWN]
        number = len(result.refused)
        refused = ngettext("%(num)d task was refused: ", "%(num)d tasks were refused: ", number)
        flash(refused + " ".join(reasons), "warning")
    return go(safe_next(url_for("inbox.index")))
