"""Two versions of a process side by side: what was added, removed and changed, painted and in words."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, render_template, request
from flask_babel import gettext as _

from app.control.views.blueprint import WHOLE, blueprint, digits
from app.engine import api as engine
from app.identity import authority, session
from app.kernel import clock
from app.kernel.i18n import current_locale
from app.web.access import requires

OLD, NEW = "old", "new"


@blueprint.get("/definitions/bpmn/<key>/compare")
@requires("definition.read")
def compare(key: str) -> Any:
    """How one version differs from another; by default the newest from the one before."""
    newest = engine.get_definition(key)
    versions = {one.version: one for one in versions_of(newest.key)}
    target = versions.get(digits(request.args.get("target", ""), newest.version), newest)
    source = versions.get(digits(request.args.get("source", ""), target.version - 1), versions[min(versions)])
    return render_template(
        "control/compare.html",
        definition=newest,
        versions=sorted(versions, reverse=True),
        source=source,
        target=target,
        differences=shown_differences(newest.key, source.version, target.version),
        running=engine.running_by_version(newest.key),
        may_migrate=authority.may(session.current_actor(), "incident.manage", unit_path=WHOLE, now=clock.now()),
    )


@blueprint.get("/definition-diagrams/<definition_id>/compare/<other_id>/<any(old, new):side>")
@requires("definition.read")
def compare_diagram(definition_id: str, other_id: str, side: str) -> Response:
    """What the diagram viewer loads: the old or the new version with what is not in the other."""
    mine, other = engine.get_definition(definition_id), engine.get_definition(other_id)
    old, new = (mine, other) if side == OLD else (other, mine)
    found = engine.differences(mine.key, source=old.version, target=new.version)
    marks = {place: mark for one in found for place, mark in [_mark(one, side)] if place}
    xml = engine.definition_diagram(mine.id, current_locale())
    return jsonify(xml=xml, active={}, completed=[], incidents=[], marks=marks)


def versions_of(key: str) -> list[engine.DefinitionView]:
    """All versions of a process, the oldest first."""
    return [one for one in engine.list_definitions(kind="bpmn", all_versions=True) if one.key == key]


def shown_differences(key: str, source: int, target: int) -> list[dict[str, Any]]:
    """The differences as a table shows them."""
    found = engine.differences(key, source=source, target=target)
    return [
        {
            "element_id": one.element_id, "kind": one.kind, "name": one.name, "name_en": one.name_en,
            "sort": _sort(one), "words": engine.change_words(one),
        }
        for one in found
    ]  # fmt: skip


def _sort(one: engine.Difference) -> str:
    return next((change for change in ("added", "removed") if change in one.changes), "changed")


def _mark(one: engine.Difference, side: str) -> tuple[str, dict[str, str]]:
    """The element on this side, "" where it is not there, and how it is painted."""
    sort = _sort(one)
    absent = {OLD: "added", NEW: "removed"}[side]
    place = "" if sort == absent else one.element_id if side == OLD else one.target_id
    badge = {"added": _("new"), "removed": _("gone"), "changed": _("changed")}[sort]
    return place, {"name": sort, "badge": badge, "words": _(", ").join(engine.change_words(one))}
