"""What dispatchers do on the board besides sending crews: confirm, move a call, join. Answers as a note."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _

from app.identity.session import acting
from app.outages.operations import calls, confirming
from app.outages.views.blueprint import blueprint
from app.outages.views.sending import told
from app.web.access import requires
from app.web.inputs import number as number_of
from app.web.inputs import text


@blueprint.post("/<number>/board/confirmation")
@requires("outage.confirm")
def confirm_outage(number: str) -> Response:
    """Confirm the outage where it is drawn."""
    confirming.confirm(number, cause=text("cause")[:40], revision=number_of("revision"), **acting())
    return told(_("%(number)s is confirmed.", number=number))


@blueprint.post("/board/calls/<int:call_id>")
@requires("outage.manage")
def move_call(call_id: int) -> Response:
    """Move a call to another outage, or to one of its own."""
    reason = text("reason")[:200] or _("moved on the board")
    to = calls.move(call_id, text("to").upper()[:32] or None, reason=reason, revision=number_of("revision"), **acting())
    return told(_("The call now belongs to %(number)s.", number=to))


@blueprint.post("/board/join")
@requires("outage.manage")
def join_outages() -> Response:
    """Several outages become one."""
    seen = [each.partition(":") for each in request.form.getlist("numbers")[:50]]
    calls.join(
        [number for number, _colon, _revision in seen],
        into=text("into"),
        reason=text("reason")[:200],
        revisions={
            number: int(each) for number, _colon, each in seen if each.isascii() and each.isdigit() and len(each) < 18
        },
        **acting(),
    )
    return told(_("Joined into %(number)s.", number=text("into")))
