"""Pages of faxes: the list, one with its pages, send again."""

from __future__ import annotations

from base64 import b64encode

from flask import Blueprint, Flask, abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.identity.session import acting, current_actor
from app.identity.trail_titles import define
from app.kernel import clock
from app.telephony.fax import queries
from app.telephony.fax.documents import DOCUMENTS
from app.telephony.fax.models import SENT
from app.telephony.fax.operations import RIGHT, resend
from app.telephony.fax.pages import pictures_of, render
from app.telephony.fax.queries import FaxView
from app.web import navigation, redirects
from app.web.access import requires
from app.web.inputs import number as whole
from app.web.inputs import same_page, text

blueprint = Blueprint("fax", __name__, url_prefix="/fax", template_folder="templates")

STATES = {
    "QUEUED": _l("Waiting to be sent"),
    "SENDING": _l("Being sent"),
    "SENT": _l("Arrived"),
    "BUSY": _l("Busy"),
    "NO_ANSWER": _l("No answer"),
    "NOT_FAX": _l("No fax machine"),
    "FAILED": _l("Not sent"),
}
COLOURS = {
    "QUEUED": "blue",
    "SENDING": "blue",
    "SENT": "green",
    "BUSY": "orange",
    "NO_ANSWER": "orange",
    "NOT_FAX": "red",
    "FAILED": "red",
}


@blueprint.get("/")
@requires(RIGHT)
def index() -> ResponseReturnValue:
    """Faxes, newest first."""
    before = whole("before")
    rows, following = queries.listed(paths=_paths(), state=text("state"), number=text("number")[:20], before=before)
    return render_template(
        "fax/list.html",
        rows=rows,
        states=STATES,
        colours=COLOURS,
        titles={name: document.title for name, document in DOCUMENTS.items()},
        next_url=same_page(before=following) if following else None,
        first_url=same_page(before="") if before else None,
    )


@blueprint.get("/<int:fax_id>")
@requires(RIGHT)
def fax(fax_id: int) -> ResponseReturnValue:
    """One fax."""
    found = _found(fax_id)
    document = DOCUMENTS.get(found.row.document)
    return render_template(
        "fax/fax.html",
        fax=found,
        title=document.title if document else found.row.document,
        states=STATES,
        colours=COLOURS,
        may_resend=found.row.finished_at is not None and found.row.state != SENT,
    )


@blueprint.get("/<int:fax_id>/pages")
@requires(RIGHT)
def pages(fax_id: int) -> ResponseReturnValue:
    """Its pages as they would be sent now. Rendering takes a second: the page of the fax asks for them afterwards."""
    found = _found(fax_id)
    path = render(found.row.document, found.inputs, language=found.row.language, now=clock.now())
    pictures = [b64encode(picture).decode() for picture in pictures_of(path)]
    return render_template("fax/_pages.html", pictures=pictures)


@blueprint.post("/<int:fax_id>/again")
@requires(RIGHT)
def again(fax_id: int) -> ResponseReturnValue:
    """Try once more."""
    _found(fax_id)
    resend(fax_id, **acting())
    flash(_("The fax waits to be sent."), "success")
    return redirects.go(url_for("fax.fax", fax_id=fax_id))


def _paths() -> list[str]:
    return authority.paths(current_actor(), RIGHT, now=clock.now())


def _found(fax_id: int) -> FaxView:
    found = queries.one(fax_id, paths=_paths())
    if found is None:
        abort(404)
    return found


def init_app(app: Flask) -> None:
    """Add the pages, the entry in the menu, and what the audit trail calls our acts."""
    app.register_blueprint(blueprint)
    navigation.add("fax.index", _l("Faxes"), "printer", (RIGHT,), "service", 62)
    define(actions={"fax.resent": _l("Fax sent again")}, subjects={"fax": _l("Fax")})
