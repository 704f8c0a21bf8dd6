"""Keeping and deleting filters of the task list."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity.session import acting
from app.inbox import operations
from app.inbox.queries.filters import read_filter
from app.inbox.views.blueprint import WORK, blueprint
from app.inbox.views.inputs import text
from app.inbox.views.lists import chosen_scope
from app.web.access import requires


@blueprint.post("/inbox/filters")
@requires(*WORK)
def save_filter() -> ResponseReturnValue:
    """Keep the present filter under a name."""
    scope, wanted = chosen_scope(text("scope")), read_filter(request.form)
    operations.save_filter(text("name"), scope, wanted, shared_post=text("shared_post") or None, **acting())
    flash(_("The filter “%(name)s” is kept.", name=text("name")), "success")
    return redirect(url_for("inbox.index", scope=scope, **wanted.params()), code=303)


@blueprint.post("/inbox/filters/<int:filter_id>/delete")
@requires(*WORK)
def delete_filter(filter_id: int) -> ResponseReturnValue:
    """Delete one of my filters."""
    operations.delete_filter(filter_id, **acting())
    flash(_("The filter is deleted."), "success")
    return redirect(url_for("inbox.index"), code=303)
