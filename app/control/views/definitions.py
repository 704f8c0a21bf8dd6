"""Deployed definitions: the newest of each, its earlier versions, the file as it was deployed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flask import Response, jsonify, render_template, request

from app.control.views.blueprint import WHOLE, blueprint, same_page
from app.engine import api as engine
from app.identity import authority, queries, session
from app.kernel import clock
from app.kernel.i18n import current_locale
from app.web.access import requires

KINDS = ("bpmn", "dmn", "form")
PAGE = 50


@blueprint.get("/definitions")
@requires("definition.read")
def definitions() -> Any:
    """The newest version of every process, decision and form."""
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    found = engine.list_definitions(kind=kind or None)
    return render_template(
        "control/definitions.html",
        definitions=found,
        kind=kind,
        kinds=KINDS,
        people=_people(entry.deployed_by for entry in found),
    )


@blueprint.get("/deployments")
@requires("definition.read")
def deployments() -> Any:
    """Who deployed what when, the latest first."""
    found = engine.list_deployments(before=request.args.get("before") or None, limit=PAGE + 1)
    return render_template(
        "control/deployments.html",
        deployments=found[:PAGE],
        kinds=KINDS,
        people=_people(entry.deployed_by for entry in found),
        next_url=same_page(before=found[PAGE - 1].id) if len(found) > PAGE else None,
        first_url=same_page() if request.args.get("before") else None,
    )


@blueprint.get("/definitions/<kind>/<key>")
@requires("definition.read")
def definition(kind: str, key: str) -> Any:
    """One definition as people read it (diagram, table or form), and all its versions, the newest first."""
    newest = engine.get_definition(key, kind=kind)
    versions = [entry for entry in engine.list_definitions(kind=newest.kind, all_versions=True) if entry.key == key]
    return render_template(
        "control/definition.html",
        definition=newest,
        versions=versions[::-1],
        tables=[table for table in _tables(newest) if table.key == key],
        form=json.loads(engine.definition_content(newest.id)) if newest.kind == "form" else None,
        people=_people(entry.deployed_by for entry in versions),
        starts=engine.list_start_timers(key) if kind == "bpmn" else [],
        may_act=authority.may(session.current_actor(), "incident.manage", unit_path=WHOLE, now=clock.now()),
    )


@blueprint.get("/definition-diagrams/<definition_id>")
@requires("definition.read")
def definition_diagram(definition_id: str) -> Response:
    """What the diagram viewer loads: a deployed process without a token."""
    return jsonify(
        xml=engine.definition_diagram(definition_id, current_locale()), active={}, completed=[], incidents=[]
    )


@blueprint.get("/definition-files/<definition_id>")
@requires("definition.read")
def definition_file(definition_id: str) -> Response:
    """The file of one version, byte for byte as it was deployed."""
    found = engine.get_definition(definition_id)
    name = f"{found.key}-v{found.version}.{found.kind}"
    response = Response(engine.definition_content(found.id), mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _people(usernames: Iterable[str]) -> dict[str, str]:
    """Who they are by sign-in name; what the command line did has none."""
    return {username: user.name for username, user in queries.users_named(usernames).items()}


def _tables(definition: engine.DefinitionView) -> list[engine.DecisionTable]:
    return engine.decision_tables(definition.id) if definition.kind == "dmn" else []
