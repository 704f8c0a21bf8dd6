"""Reports that wait for a person (未定位报修): given an outage, an outage of their own, or put away."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import authority
from app.identity.session import acting, current_actor
from app.kernel import clock, db
from app.kernel.errors import Invalid, LightlineError
from app.outages import explaining, labels
from app.outages.operations import calls
from app.outages.operations.find import OutageChanged, OutageNotFound, OutageOver
from app.outages.queries.unplaced import unplaced
from app.outages.rights import MANAGE, READ
from app.outages.views.blueprint import blueprint
from app.web.access import requires
from app.web.inputs import number as whole
from app.web.inputs import text


@blueprint.get("/calls")
@requires("outage.read")
def unplaced_calls() -> ResponseReturnValue:
    """The reports of my units that no outage explains."""
    return _page()


@blueprint.post("/calls/<int:call_id>/<any(place, own, dismiss):act>")
@requires("outage.manage")
def unplaced_act(call_id: int, act: str) -> ResponseReturnValue:
    """Place a report by hand, or put it away; what is refused is shown beside its form."""
    if call_id >= 2**63:
        abort(404)
    given: dict[str, Any] = {"reason": text("reason")[:500], "revision": whole("revision"), **acting()}
    try:
        if act == "dismiss":
            calls.dismiss(call_id, **given)
            flash(_("The report was put away."), "success")
            return redirect(url_for("outages.unplaced_calls"))
        made = calls.move(call_id, _wanted() if act == "place" else None, **given)
    except (Invalid, calls.CannotMove, OutageChanged, OutageNotFound, OutageOver) as refusal:
        db.session.rollback()
        return _page(refused=call_id, problem=_said(refusal), values=request.form), 422
    flash(_("The report now belongs to outage %(number)s.", number=made), "success")
    return redirect(url_for("outages.outage", number=made))


def _wanted() -> str:
    """The number of the outage to place it in; raises `Invalid` where none is given."""
    number = text("to")[:40]
    if not number:
        raise Invalid(_("Give the number of the outage."))
    return number


def _page(*, refused: int = 0, problem: str = "", values: Any = None) -> str:
    now, actor = clock.now(), current_actor()
    return render_template(
        "outages/unplaced.html",
        calls=unplaced(authority.paths(actor, READ, now=now), actor=actor, now=now),
        screening=explaining.screening,
        labels=labels,
        may_manage=authority.may(actor, MANAGE, unit_path=None, now=now),
        refused=refused,
        problem=problem,
        values=values or {},
    )


def _said(refusal: LightlineError) -> str:
    """Everything that was wrong with the form, in one line."""
    errors = refusal.details.get("errors") or {}
    words = [str(word) for field in errors.values() for word in field]
    return " ".join(words) or str(refusal.message)
