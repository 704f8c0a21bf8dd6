"""What people do to an outage's handling: restore, estimate, notice, verify; move or call off a plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity.session import acting
from app.kernel import db
from app.kernel.errors import Invalid
from app.outages.operations import etr, notices, planning, restoring
from app.outages.views.blueprint import blueprint
from app.outages.views.outage import page
from app.web.access import requires
from app.web.inputs import instant, text
from app.web.inputs import number as whole

MOST_DEVICES = 500


def _needed(name: str) -> Any:
    found = instant(name)
    if found is None:
        message = _("Give a date and a time.")
        raise Invalid(message, errors={name: [message]})
    return found


def _restore(outage: str) -> None:
    done = restoring.restore(
        outage, _chosen(), at=instant("at"), note=text("note")[:300], revision=whole("revision"), **acting()
    )
    said = _("%(n)s customers have supply again, %(out)s are still out.", n=done.customers, out=done.still_out)
    flash(str(said), "success")


def _chosen() -> list[str]:
    """What has supply again: nothing named for all of it, a switch, or transformers."""
    part = text("part")
    ticked = [one[:64] for one in request.form.getlist("device")]
    chosen = [text("switch")[:64]] if part == "switch" and text("switch") else ticked if part != "switch" else []
    message = ""
    if part and not chosen:
        message = _("Choose what has supply again.")
    elif ticked and not part:
        message = _("All of it, or only these transformers? Choose one.")
    elif len(chosen) > MOST_DEVICES:
        message = _("At most %(n)s at a time.", n=MOST_DEVICES)
    if message:
        raise Invalid(message, errors={"device": [message]})
    return chosen


def _etr(outage: str) -> None:
    etr.set_etr(
        outage,
        _needed("etr"),
        source="dispatcher",
        note=text("note")[:300],
        revision=whole("revision"),
        **acting(),
    )
    flash(_("The estimate is set."), "success")


def _notice(outage: str) -> None:
    notices.enter_by_hand(outage, text("occasion"), text=text("words"), text_en=text("words_en"), **acting())
    flash(_("The notice is entered."), "success")


def _reschedule(outage: str) -> None:
    planning.reschedule(
        outage,
        begins_at=_needed("begins_at"),
        ends_at=_needed("ends_at"),
        reason=text("reason"),
        emergency=bool(text("emergency")),
        **acting(),
    )
    flash(_("The new time is set, and those who were told are told so."), "success")


def _call_off(outage: str) -> None:
    planning.call_off(outage, reason=text("reason"), **acting())
    flash(_("The outage is called off."), "success")


ACTS: dict[str, Callable[[str], None]] = {
    "restore": _restore,
    "etr": _etr,
    "notice": _notice,
    "reschedule": _reschedule,
    "call-off": _call_off,
}


@blueprint.post("/<number>/handling/<any(restore, etr, notice, reschedule, 'call-off'):act>")
@requires("outage.manage", "outage.notice", "outage.plan", "outage.approve")
def handling_act(number: str, act: str) -> ResponseReturnValue:
    """Do it; the operation checks right, state and values."""
    try:
        ACTS[act](number)
    except Invalid as refusal:
        db.session.rollback()
        errors = dict(refusal.details.get("errors") or {}) or {"reason": [refusal.message]}
        return page(number, refused=act, errors=errors, values=request.form), 422
    return redirect(url_for("outages.outage", number=number))
