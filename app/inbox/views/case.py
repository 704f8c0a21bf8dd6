"""What surrounds a task: comments, files, the time-line and the diagram of its case."""

from __future__ import annotations

from flask import Response, flash, jsonify, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity.session import acting
from app.inbox import operations
from app.inbox.operations.files import CaseFileNotFound
from app.inbox.operations.opening import look
from app.inbox.queries.case import case_file, files_of
from app.inbox.queries.timeline import timeline_of
from app.inbox.views.blueprint import WORK, blueprint
from app.inbox.views.inputs import BadInput, text
from app.kernel.files import open_file
from app.kernel.i18n import current_locale
from app.web.access import requires
from app.web.redirects import go
from app.web.security import limiter

INLINE = ("image/", "application/pdf", "audio/")


@blueprint.get("/tasks/<task_id>/timeline")
@requires(*WORK)
def timeline(task_id: str) -> ResponseReturnValue:
    """The time-line anew, for a page that is open."""
    opened = look(task_id, **acting())
    return render_template("inbox/_timeline.html", task=opened.task, timeline=timeline_of(opened.task.instance_id))


@blueprint.post("/tasks/<task_id>/comments")
@requires(*WORK)
def comment(task_id: str) -> ResponseReturnValue:
    """Write a comment."""
    operations.add_comment(task_id, text("text"), **acting())
    return go(url_for("inbox.task", task_id=task_id, _anchor="timeline"))


@blueprint.post("/tasks/<task_id>/files")
@requires(*WORK)
@limiter.limit("120/minute")
def attach(task_id: str) -> ResponseReturnValue:
    """Attach files or photos."""
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent:
        message = _l("Choose a file.")
        raise BadInput(message, errors={"file": [str(message)]})
    for file in sent:
        operations.attach(task_id, file.stream, file.filename or "", title=text("title"), **acting())
    flash(_("Attached."), "success")
    return go(url_for("inbox.task", task_id=task_id, _anchor="files"))


@blueprint.get("/tasks/<task_id>/files")
@requires(*WORK)
def files(task_id: str) -> ResponseReturnValue:
    """The files anew, for a page that is open."""
    opened = look(task_id, **acting())
    present = [file for file in files_of(opened.task.instance_id) if file.removed_at is None]
    return render_template(
        "inbox/_files.html", task=opened.task, rights=opened.rights, files=present, me=opened.reader.user_id
    )


@blueprint.get("/tasks/<task_id>/files/<int:case_file_id>")
@requires(*WORK)
def file(task_id: str, case_file_id: int) -> Response:
    """One file of the case; `?small=1` gives the small picture of a photo."""
    opened = look(task_id, **acting())
    found = case_file(opened.task.instance_id, case_file_id)
    if found is None:
        raise CaseFileNotFound(_l("This file is no longer with the case."))
    stored = open_file(found.file_id, thumbnail="small" in request.args)
    inline = stored.media_type.startswith(INLINE)
    response = send_file(stored.path, stored.media_type, as_attachment=not inline, download_name=stored.name)
    response.cache_control.private = True
    return response


@blueprint.post("/tasks/<task_id>/files/<int:case_file_id>/remove")
@requires(*WORK)
def remove_file(task_id: str, case_file_id: int) -> ResponseReturnValue:
    """Take a file out of the case."""
    operations.remove_file(task_id, case_file_id, **acting())
    flash(_("Removed."), "success")
    return go(url_for("inbox.task", task_id=task_id, _anchor="files"))


@blueprint.get("/tasks/<task_id>/diagram")
@requires(*WORK)
def diagram(task_id: str) -> ResponseReturnValue:
    """The place of the diagram; its drawing loads by itself."""
    opened = look(task_id, **acting())
    return render_template("inbox/_diagram.html", task=opened.task)


@blueprint.get("/tasks/<task_id>/diagram.json")
@requires(*WORK)
def diagram_data(task_id: str) -> Response:
    """The diagram with the token on it, as the viewer wants it."""
    opened = look(task_id, **acting())
    drawn = engine.diagram(opened.task.instance_id, locale=current_locale())
    return jsonify(xml=drawn.xml, active=drawn.active, completed=drawn.completed, incidents=drawn.incidents)
