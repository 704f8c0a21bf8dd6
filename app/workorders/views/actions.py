"""What may be done to an order at any time, as posts of its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.kernel import clock, db
from app.kernel.errors import Invalid, NotFound
from app.web.access import requires
from app.workorders import operations
from app.workorders.views.blueprint import blueprint
from app.workorders.views.inputs import acting, instant, text
from app.workorders.views.order import page
from app.workorders.views.questions import answers_sent, chosen_kind, fields_of

Act = Callable[[str, dict[str, Any]], Any]


def _until() -> Any:
    """The chosen time; where none can be read, one in the past, which the operation refuses."""
    return instant("until") or clock.now() - timedelta(seconds=1)


ACTIONS: dict[str, tuple[Act, Any]] = {
    "cancel": (
        lambda number, acting: operations.cancel(number, reason=text("reason"), note=text("note"), **acting),
        _l("The order is cancelled."),
    ),
    "suspend": (
        lambda number, acting: operations.suspend(
            number, reason=text("reason"), until=_until(), note=text("note"), **acting
        ),
        _l("The order is suspended."),
    ),
    "resume": (lambda number, acting: operations.resume(number, **acting), _l("The order goes on.")),
    "transfer": (
        lambda number, acting: operations.transfer(number, to_unit=text("to_unit"), reason=text("reason"), **acting),
        _l("The order is transferred."),
    ),
    "assist": (
        lambda number, acting: operations.request_assistance(
            number, unit=text("unit"), request=text("request"), **acting
        ),
        _l("Assistance is asked for."),
    ),
    "merge": (
        lambda number, acting: operations.merge(number, into=text("into"), cause=text("cause"), **acting),
        _l("The order is attached to the main order."),
    ),
    "unmerge": (
        lambda number, acting: operations.unmerge(number, reason=text("reason"), **acting),
        _l("The order is taken off its main order."),
    ),
    "recategorise": (
        lambda number, acting: operations.recategorise(
            number,
            category=chosen_kind()[0],
            sub_type=chosen_kind()[1],
            reason=text("reason"),
            details=answers_sent(*chosen_kind()),
            **acting,
        ),
        _l("The category is changed; the clock goes on."),
    ),
    "remind": (
        lambda number, acting: operations.remind(number, note=text("note"), **acting),
        _l("Whoever holds the order has been told."),
    ),
}


@blueprint.post("/orders/recategorise/questions")
@requires("order.manage")
def questions_of_kind() -> ResponseReturnValue:
    """What the category chosen in the form of `recategorise` asks."""
    asked = fields_of(*chosen_kind())
    return render_template("workorders/_kind.html", values=request.form, errors={}, questions=asked)


@blueprint.post("/orders/<number>/<action>")
@requires("order.read")
def act(number: str, action: str) -> ResponseReturnValue:
    """Do it; the operation checks rights and state. A refused form comes back with its errors."""
    if action not in ACTIONS:
        abort(404)
    do, done = ACTIONS[action]
    try:
        do(number, acting())
    except Invalid as refused:
        return _again(number, action, refused.details.get("errors", {"": [str(refused)]}))
    except NotFound as refused:
        if action != "merge":
            raise
        return _again(number, action, {"into": [str(refused)]})
    flash(_("Order %(number)s: %(done)s", number=number, done=done), "success")
    return redirect(url_for("workorders.order", number=number))


def _again(number: str, action: str, errors: dict[str, Any]) -> ResponseReturnValue:
    """The order's page with the form as it was sent and what is wrong with it."""
    db.session.rollback()
    return page(number, refused=action, errors=errors, values=request.form), 422
