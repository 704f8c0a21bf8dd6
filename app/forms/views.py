"""Uploads of file fields, and drafts, for the signed-in person."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, jsonify, request, send_file, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from app.forms import drafts, uploads
from app.identity.session import current_actor, current_user_id
from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.files import FileNotFound, open_file, save
from app.web.access import signed_in
from app.web.security import limiter

blueprint = Blueprint("forms", __name__, url_prefix="/forms", template_folder="templates")


class NoFile(Invalid):
    code = "no_file"


@blueprint.post("/files")
@signed_in
@limiter.limit("120/minute")
def upload() -> tuple[Response, int]:
    """Keep one file (multipart field `file`) and answer its id; a form names it later."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NoFile(_l("Choose a file."))
    row = save(cast(BinaryIO, sent.stream), sent.filename, actor=current_actor(), now=clock.now())
    found = uploads.view(row)
    address = url_for("forms.file", file_id=found.id)
    return jsonify(id=found.id, name=found.name, size=found.size, picture=found.is_picture, url=address), 201


@blueprint.get("/files/<int:file_id>")
@signed_in
def file(file_id: int) -> Response:
    """A file this person uploaded, for its preview; `?small=1` gives the small picture."""
    if uploads.files_of(current_actor())(file_id) is None:
        raise FileNotFound(_l("There is no such file."), file=file_id)
    opened = open_file(file_id, thumbnail="small" in request.args)
    inline = opened.media_type.startswith("image/")
    response = send_file(opened.path, opened.media_type, as_attachment=not inline, download_name=opened.name)
    response.cache_control.private = True
    return response


@blueprint.get("/drafts/<task_id>")
@signed_in
def draft(task_id: str) -> Response:
    """The draft as `{"data", "saved_at"}`, nulls where there is none."""
    found = drafts.load_draft(task_id, current_user_id())
    return jsonify(data=found.data if found else None, saved_at=found.saved_at.isoformat() if found else None)


@blueprint.put("/drafts/<task_id>")
@signed_in
@limiter.limit("240/minute")
def keep_draft(task_id: str) -> Response:
    """Keep what was typed (a JSON object)."""
    data: Any = request.get_json()
    if not isinstance(data, dict) or len(task_id) > 100:
        raise BadRequest
    found = drafts.save_draft(task_id, current_user_id(), data, actor=current_actor(), now=clock.now())
    return jsonify(saved_at=found.saved_at.isoformat())


@blueprint.delete("/drafts/<task_id>")
@signed_in
def forget_draft(task_id: str) -> tuple[str, int]:
    drafts.drop_draft(task_id, current_user_id())
    return "", 204
