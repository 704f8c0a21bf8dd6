"""What dispatchers do on the board besides sending crews: confirm, estimate, move a call, join. Answers as a note."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.identity.session import acting
from app.kernel.clock import LOCAL
from app.kernel.errors import Invalid
from app.outages.operations import calls, confirming, etr
from app.outages.views.blueprint import blueprint
from app.outages.views.sending import told
from app.web.access import requires
from app.web.inputs import instant, text
from app.web.inputs import number as number_of


@blueprint.post("/<number>/board/confirmation")
@requires("outage.confirm")
def confirm_outage(number: str) -> Response:
    """Confirm the outage where it is drawn."""
    confirming.confirm(number, cause=text("cause")[:40], revision=number_of("revision"), **acting())
    return told(_("%(number)s is confirmed.", number=number))


@blueprint.post("/<number>/board/etr")
@requires("outage.manage")
def board_etr(number: str) -> Response:
    """The dispatcher says when supply is expected back."""
    etr.set_etr(
        number, _local("etr"), source="dispatcher", note=text("note")[:200], revision=number_of("revision"), **acting()
    )
    return told(_("The estimate is kept."))


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
    numbers = request.form.getlist("numbers")[:50]
    calls.join(numbers, into=text("into"), reason=text("reason")[:200], **acting())
    return told(_("Joined into %(number)s.", number=text("into")))


def _local(name: str) -> datetime:
    found = instant(name)
    if found is None:
        message = _l("Choose a time.")
        raise Invalid(message, errors={name: [message]})
    return found.replace(tzinfo=LOCAL)
