"""What a caller said (来电留言): voice messages of an order, to be listened to on its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Response, abort, send_file

from app.inbox.queries.case import FileView, files_of
from app.kernel import audit, db
from app.kernel.actor import Actor
from app.kernel.files import open_file
from app.web.access import requires
from app.workorders import sections
from app.workorders.queries import OrderView, order_view
from app.workorders.queries.secrecy import hidden_from
from app.workorders.sections import Section
from app.workorders.views.blueprint import blueprint
from app.workorders.views.inputs import acting

AUDIO = "audio/"


@blueprint.get("/orders/<number>/voice/<int:case_file_id>")
@requires("order.read")
def voice_message(number: str, case_file_id: int) -> Response:
    """A message; the audit trail notes who listened. A voice tells who it is: secret orders have none for others."""
    order = order_view(number, **acting()).order
    found = next((each for each in _messages(order, **acting()) if each.id == case_file_id), None)
    if found is None:
        abort(404)
    stored = open_file(found.file_id)
    path, heard = order.unit_path, order.number
    db.run(lambda: audit.record("order.listened", subject_type="order", subject_id=heard, unit_path=path, **acting()))
    response = send_file(stored.path, stored.media_type, download_name=f"{order.number}.wav", conditional=True)
    response.cache_control.private = True
    return response


def of_order(order: OrderView, actor: Actor, now: datetime) -> Sequence[Section]:
    """The messages at the side of the order's page; nothing where there is none."""
    messages = _messages(order, actor=actor, now=now)
    return (
        [Section("side", "workorders/_voice.html", {"messages": messages, "number": order.number})] if messages else []
    )


def _messages(order: OrderView, *, actor: Actor, now: datetime) -> list[FileView]:
    if order.instance_id is None or hidden_from(order, actor=actor, now=now):
        return []
    return [
        each for each in files_of(order.instance_id) if each.media_type.startswith(AUDIO) and each.removed_at is None
    ]


def register() -> None:
    """Show messages on every order's page."""
    sections.register(of_order)
