"""The dispatcher says on the board when supply is expected back."""

from __future__ import annotations

from datetime import datetime

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.identity.session import acting
from app.kernel.clock import LOCAL
from app.kernel.errors import Invalid
from app.outages.operations import etr
from app.outages.views.blueprint import blueprint
from app.outages.views.sending import told
from app.web.access import requires
from app.web.inputs import instant, text
from app.web.inputs import number as number_of


@blueprint.post("/<number>/board/etr")
@requires("outage.manage")
def board_etr(number: str) -> Response:
    """The dispatcher says when supply is expected back."""
    etr.set_etr(
        number, _local("etr"), source="dispatcher", note=text("note")[:200], revision=number_of("revision"), **acting()
    )
    return told(_("The estimate is kept."))


def _local(name: str) -> datetime:
    found = instant(name)
    if found is None:
        message = _l("Choose a time.")
        raise Invalid(message, errors={name: [message]})
    return found.replace(tzinfo=LOCAL)
