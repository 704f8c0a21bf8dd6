"""What a dispatcher does to an outage and its calls, as posts of its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity.session import acting
from app.kernel import db
from app.kernel.errors import Invalid
from app.outages.operations import calls, confirming
from app.outages.views.blueprint import blueprint
from app.outages.views.outage import page
from app.web.access import requires
from app.web.inputs import number as whole
from app.web.inputs import text

MANY = 200
"""Calls of one split."""


def _confirm(outage: str) -> str:
    confirming.confirm(
        outage,
        text("device") or None,
        text("cause"),
        text("note")[:500],
        revision=whole("revision"),
        **acting(),
    )
    flash(_("Outage %(number)s is confirmed.", number=outage), "success")
    return outage


def _cancel(outage: str) -> str:
    confirming.cancel(outage, reason=text("reason")[:500], revision=whole("revision"), **acting())
    flash(_("Outage %(number)s is noted as none.", number=outage), "success")
    return outage


def _split(outage: str) -> str:
    chosen = [int(each) for each in request.form.getlist("call")[:MANY] if each.isascii() and each.isdigit()]
    made = calls.split(
        outage,
        chosen,
        reason=text("reason")[:500],
        device=text("device") or None,
        revision=whole("revision"),
        **acting(),
    )
    flash(_("Outage %(number)s was split off.", number=made), "success")
    return made


def _join(outage: str) -> str:
    wanted = [each for each in text("numbers")[:500].replace("，", ",").replace("、", ",").split(",") if each.strip()]
    seen = whole("revision")
    calls.join(
        [each.strip() for each in wanted],
        into=outage,
        reason=text("reason")[:500],
        revisions={outage: seen} if seen is not None else {},
        **acting(),
    )
    flash(_("The outages are joined."), "success")
    return outage


def _move(outage: str) -> str:
    call, _sep, seen = text("call_id").partition(":")
    if not (call.isascii() and call.isdigit() and len(call) < 18 and seen.isascii() and seen.isdigit()):
        abort(400)
    made = calls.move(int(call), text("to") or None, reason=text("reason")[:500], revision=int(seen[:17]), **acting())
    flash(_("The report now belongs to outage %(number)s.", number=made), "success")
    return outage


ACTS: dict[str, Callable[[str], str]] = {
    "confirm": _confirm,
    "cancel": _cancel,
    "split": _split,
    "join": _join,
    "move": _move,
}


@blueprint.post("/<number>/<any(cancel, split, join, move, confirm):act>")
@requires("outage.manage", "outage.confirm")
def outage_act(number: str, act: str) -> ResponseReturnValue:
    """Do it, then show where it led; what is refused is shown beside its form."""
    try:
        led_to = ACTS[act](number)
    except Invalid as refusal:
        db.session.rollback()
        return page(number, refused=act, errors=_errors(refusal), values=request.form), 422
    return redirect(url_for("outages.outage", number=led_to))


def _errors(refusal: Invalid) -> dict[str, Any]:
    found: dict[str, Any] = dict(refusal.details.get("errors") or {})
    return found or {"reason": [refusal.message]}
