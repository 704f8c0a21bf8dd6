"""Deployed definitions: the newest of each, its earlier versions, the file as it was deployed."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request

from app.control.views.blueprint import blueprint
from app.engine import api as engine
from app.web.access import requires

KINDS = ("bpmn", "dmn", "form")


@blueprint.get("/definitions")
@requires("definition.read")
def definitions() -> Any:
    """The newest version of every process, decision and form."""
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    return render_template(
        "control/definitions.html",
        definitions=engine.list_definitions(kind=kind or None),
        kind=kind,
        kinds=KINDS,
    )


@blueprint.get("/definitions/<kind>/<key>")
@requires("definition.read")
def definition(kind: str, key: str) -> Any:
    """All versions of one definition, the newest first."""
    newest = engine.get_definition(key, kind=kind)
    versions = [entry for entry in engine.list_definitions(kind=newest.kind, all_versions=True) if entry.key == key]
    return render_template("control/definition.html", definition=newest, versions=versions[::-1])


@blueprint.get("/definition-files/<definition_id>")
@requires("definition.read")
def definition_file(definition_id: str) -> Response:
    """The file of one version, byte for byte as it was deployed."""
    found = engine.get_definition(definition_id)
    name = f"{found.key}-v{found.version}.{found.kind}"
    response = Response(engine.definition_content(found.id), mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
