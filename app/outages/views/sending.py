"""Send a crew from the board, dragged or chosen, and the note that says what was done."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.identity.session import acting
from app.kernel.errors import Invalid
from app.outages.operations import crews
from app.outages.views.blueprint import blueprint
from app.web.access import requires
from app.web.inputs import number as number_of


@blueprint.post("/<number>/crew")
@requires("order.dispatch")
def send_crew(number: str) -> Response:
    """Send a crew: dragged (JSON) or chosen (form)."""
    sent = request.get_json(silent=True) or {}
    crew = sent.get("crew") if request.is_json else number_of("crew")
    if not isinstance(crew, int) or not 0 < crew < 2**31:
        message = _l("Choose a crew.")
        raise Invalid(message, errors={"crew": [message]})
    crews.assign(number, crew, revision=None if request.is_json else number_of("revision"), **acting())
    return told(_("The crew is sent to %(number)s.", number=number))


def told(message: str) -> Response:
    """The note the page shows: for its own code as JSON, else as a piece put among the notes."""
    if request.is_json:
        return jsonify(message=message)
    response = Response(render_template("outages/_note.html", message=message))
    response.headers["HX-Retarget"] = "#toasts"
    response.headers["HX-Reswap"] = "beforeend"
    return response
