"""The list of calls, one call, and listening to it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, send_file
from flask.typing import ResponseReturnValue

from app.identity import authority
from app.identity.session import acting, current_actor
from app.kernel import audit, clock, files
from app.telephony.calls import labels
from app.telephony.calls.queries import LISTEN, READ, Filters, call_view, calls, recording_of
from app.web.access import requires
from app.web.inputs import day_after, instant, number, same_page, text

blueprint = Blueprint("calls", __name__, url_prefix="/calls", template_folder="../templates")


@blueprint.get("/")
@requires(READ)
def index() -> ResponseReturnValue:
    """Calls, newest first."""
    filters = Filters(
        number=text("number")[:40],
        account_no=text("account_no")[:32],
        direction=text("direction"),
        outcome=text("outcome"),
        queue=text("queue")[:60],
        agent=text("agent")[:80],
        since=instant("since"),
        until=day_after("until"),
    )
    page = calls(filters, paths=_paths(READ), after=number("after") or 0, **acting())
    return render_template(
        "calls/index.html",
        rows=page.rows,
        filters=filters,
        since=text("since"),
        until=text("until"),
        labels=labels,
        next_url=same_page(after=page.after) if page.after else None,
        first_url=same_page() if text("after") else None,
    )


@blueprint.get("/<int:call_id>")
@requires(READ)
def call(call_id: int) -> ResponseReturnValue:
    """One call's time-line."""
    view = call_view(call_id, paths=_paths(READ), **acting())
    if view is None:
        abort(404)
    may_listen = authority.may(current_actor(), LISTEN, unit_path=view.unit_path, now=clock.now())
    return render_template("calls/call.html", call=view, may_listen=may_listen, labels=labels)


@blueprint.post("/recordings/<int:recording_id>/listen")
@requires(LISTEN)
def listen(recording_id: int) -> ResponseReturnValue:
    """Open the player: that somebody listens is on the audit trail before anything is heard."""
    found = recording_of(recording_id, paths=_paths(LISTEN))
    if found is None:
        abort(404)
    _file, heard = found
    audit.record(
        "call.listen",
        **acting(),
        subject_type="call",
        subject_id=str(heard.id),
        unit_path=heard.unit_path,
        details={"recording": recording_id},
    )
    return render_template("calls/_player.html", recording_id=recording_id)


@blueprint.get("/recordings/<int:recording_id>")
@requires(LISTEN)
def recording(recording_id: int) -> ResponseReturnValue:
    """The sound itself."""
    found = recording_of(recording_id, paths=_paths(LISTEN))
    if found is None:
        abort(404)
    try:
        opened = files.open_file(found[0])
    except files.FileNotFound:
        abort(404)
    response = send_file(opened.path, mimetype=opened.media_type, conditional=True, max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response


def _paths(permission: str) -> list[str]:
    return authority.paths(current_actor(), permission, now=clock.now())
