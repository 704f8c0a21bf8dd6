"""Notices and opening hours, switched by those who lead."""

from __future__ import annotations

from datetime import datetime

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity.session import acting
from app.kernel import clock
from app.kernel.clock import LOCAL
from app.telephony.operations import switches as operations
from app.telephony.operations.switches import SWITCH
from app.telephony.queries import switches as queries
from app.telephony.workbench.views.blueprint import blueprint
from app.web import redirects
from app.web.access import requires
from app.web.inputs import instant, text


@blueprint.get("/switches")
@requires(SWITCH)
def switches() -> ResponseReturnValue:
    """What callers are told now, and whether it is open."""
    now = clock.now()
    return render_template(
        "ivr/switches.html",
        hours=queries.all_hours(now=now),
        notices=queries.all_notices(now=now),
        local_input=_local_input,
    )


@blueprint.post("/switches/notices/<name>")
@requires(SWITCH)
def set_notice(name: str) -> ResponseReturnValue:
    """Say what callers are told, and switch it."""
    on = text("on") == "1"
    operations.set_notice(
        name,
        on=on,
        text=text("text"),
        text_en=text("text_en"),
        until=instant("until"),
        shut=text("shut") == "1",
        **acting(),
    )
    flash(_("Callers hear the notice from now on.") if on else _("The notice is off."), "success")
    return redirects.go(url_for("ivr.switches"))


@blueprint.post("/switches/hours/<name>")
@requires(SWITCH)
def force_hours(name: str) -> ResponseReturnValue:
    """Open or close past the rule, or go back to it."""
    state = text("state") or None
    operations.force_hours(name, state, until=instant("until"), reason=text("reason"), **acting())
    flash(_("The opening hours are changed."), "success")
    return redirects.go(url_for("ivr.switches"))


def _local_input(instant: datetime) -> str:
    """An instant as a field of local time takes it."""
    return instant.astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M")
