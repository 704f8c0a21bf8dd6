"""The list of calls, one call, and listening to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.identity import authority
from app.identity.session import acting, current_actor, current_permissions, current_user_id
from app.kernel import audit, clock, files
from app.telephony.agents.queries import telephone_of
from app.telephony.calls import labels
from app.telephony.calls.operations import pausing
from app.telephony.calls.operations.queueing import desk_topic
from app.telephony.calls.queries import LISTEN, READ, Filters, call_view, calls, id_of, recording_of
from app.web.access import requires
from app.web.inputs import day_after, instant, number, same_page, text

TICKET = 8 * 3600
"""Seconds for which a player that was opened plays: a shift."""

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


@blueprint.get("/of/<key>")
@requires(READ)
def of_key(key: str) -> ResponseReturnValue:
    """The call of this name of the switch's, for pages that keep no more of it."""
    call_id = id_of(key, paths=_paths(READ))
    if call_id is None:
        abort(404)
    return redirect(url_for("calls.call", call_id=call_id))


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
    ticket = _tickets().dumps([recording_id, current_user_id()])
    return render_template("calls/_player.html", recording_id=recording_id, ticket=ticket)


@blueprint.get("/recordings/<int:recording_id>")
@requires(LISTEN)
def recording(recording_id: int) -> ResponseReturnValue:
    """The sound itself, for whom opened the player: nobody listens without its being noted."""
    found = recording_of(recording_id, paths=_paths(LISTEN))
    if found is None:
        abort(404)
    try:
        ticket = _tickets().loads(text("ticket"), max_age=TICKET)
    except BadSignature:
        abort(403)
    if ticket != [recording_id, current_user_id()]:
        abort(403)
    try:
        opened = files.open_file(found[0])
    except files.FileNotFound:
        abort(404)
    response = send_file(opened.path, mimetype=opened.media_type, conditional=True, max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/talk")
@requires(READ)
def talk() -> ResponseReturnValue:
    """The piece of the frame for who is in a talk: whether its recording is heard."""
    return render_template("calls/_talk.html", **_own_talk())


@blueprint.post("/talk/pause")
@requires(READ)
def pause() -> ResponseReturnValue:
    """Silence the recording of one's own talk, or let it go on, at its agent's wish."""
    pausing.pause_own(current_actor().username, paused=text("paused") == "1", **acting())
    return talk()


def talk_context() -> dict[str, Any] | None:
    """For the frame of who may see calls: an empty piece that asks for itself once the page stands."""
    return {"topic": "", "talk": None, "later": True} if READ in current_permissions() else None


def _own_talk() -> dict[str, Any]:
    """The talk of who has a telephone of ours, and the topic by which it is followed."""
    username = current_actor().username
    telephone = telephone_of(username)
    if telephone is None:
        return {"topic": "", "talk": None}
    return {"topic": desk_topic(telephone.extension), "talk": pausing.talk_of(username, now=clock.now())}


def _tickets() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="call.recording")


def _paths(permission: str) -> list[str]:
    return authority.paths(current_actor(), permission, now=clock.now())
