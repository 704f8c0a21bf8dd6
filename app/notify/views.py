"""Pages of notices: one's own list, the bell's count, marking as read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.identity.session import current_actor, current_user_id
from app.kernel.clock import now
from app.notify import operations, queries
from app.web.access import signed_in

blueprint = Blueprint("notify", __name__, url_prefix="/notices", template_folder="templates")


@blueprint.get("")
@signed_in
def index() -> ResponseReturnValue:
    """My notices, newest first."""
    user_id = current_user_id()
    unread_only = request.args.get("show") == "unread"
    page = queries.notices_of(user_id, before=request.args.get("before", type=int), unread_only=unread_only)
    return render_template(
        "notify/index.html",
        page=page,
        unread_only=unread_only,
        unread=queries.unread_count(user_id),
        topic=operations.topic(user_id),
    )


@blueprint.get("/bell")
@signed_in
def bell() -> ResponseReturnValue:
    """The bell of the frame, fetched again whenever a notice comes."""
    return render_template("notify/_bell.html", **bell_context())


def bell_context() -> dict[str, Any]:
    """What the bell shows: how many unread notices, and the topic it listens to."""
    user_id = current_user_id()
    return {
        "unread": queries.unread_count(user_id),
        "bound": queries.COUNT_BOUND,
        "topic": operations.topic(user_id),
    }


@blueprint.post("/<int:notice_id>/open")
@signed_in
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Mark as read and go to the page the notice leads to."""
    link = operations.mark_read(notice_id, actor=current_actor(), now=now())
    return redirect(link or url_for("notify.index"), code=303)


@blueprint.post("/read-all")
@signed_in
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    operations.mark_all_read(actor=current_actor(), now=now())
    return redirect(url_for("notify.index"), code=303)
