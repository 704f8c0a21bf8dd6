"""Incidents: steps of processes that could not go on, within the operator's part of the organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.control.views.blueprint import blueprint, same_page
from app.engine import api as engine
from app.identity import authority, session
from app.kernel import clock, db
from app.kernel.errors import Forbidden, Invalid
from app.web.access import requires

PAGE = 50
KINDS = ("script", "service", "error", "timer", "runaway")
MAX_REASON = 500


@blueprint.get("/incidents")
@requires("incident.manage")
def incidents() -> Any:
    """Open incidents, or those resolved, by process, step, kind, case and words."""
    return _list({})


@blueprint.post("/incidents/retry")
@requires("incident.manage")
def retry_incidents() -> Any:
    """Try again all open incidents that fit the filters; a job does it."""
    try:
        started = engine.start_retry(
            _wanted(request.form), reason=_read_reason(), actor=session.current_actor(), now=clock.now()
        )
    except Invalid as refused:
        return _list(refused.details.get("errors") or {"filter": [str(refused)]}), 422
    return redirect(url_for("control.retry", retry_id=started.id))


def _list(errors: Mapping[str, Any]) -> str:
    state = "resolved" if request.values.get("state") == "resolved" else "open"
    wanted, before = _wanted(request.values), request.args.get("before") or None
    found = engine.page_of_incidents(wanted, state=state, before=before, limit=PAGE + 1)
    return render_template(
        "control/incidents.html",
        incidents=found[:PAGE],
        state=state,
        wanted=wanted,
        count=engine.count_incidents(wanted) if state == "open" else 0,
        processes=engine.list_definitions(kind="bpmn"),
        kinds=KINDS,
        errors=errors,
        values=request.form if errors else {},
        next_url=same_page(before=found[PAGE - 1].id) if len(found) > PAGE else None,
        first_url=same_page() if before else None,
    )


def _wanted(given: Mapping[str, str]) -> engine.IncidentFilter:
    """The filters of a form or query, within the operator's part of the organisation."""
    texts = {name: given.get(name, "").strip()[:200] for name in ("process_key", "element_id", "text", "business_key")}
    kind = given.get("kind", "")
    return engine.IncidentFilter(paths=tuple(_paths()), kind=kind if kind in KINDS else "", **texts)


@blueprint.get("/incidents/<incident_id>")
@requires("incident.manage")
def incident(incident_id: str) -> Any:
    """One incident, where it happened, and the form that tries again."""
    return _page(_get(incident_id), {})


@blueprint.post("/incidents/<incident_id>/retry")
@requires("incident.manage")
def retry_incident(incident_id: str) -> Any:
    """Try the step again, with variables corrected first where given."""
    found = _get(incident_id)
    try:
        data, reason = _read_data(), _read_reason()
    except Invalid as refused:
        return _page(found, refused.details["errors"]), 422
    after = engine.retry(incident_id, data=data, reason=reason, actor=session.current_actor(), now=clock.now())
    if after.state == "resolved":
        flash(_("The step got through; the process goes on."), "success")
    else:
        flash(_("The step failed again. The incident stays open."), "warning")
    return redirect(url_for("control.incident", incident_id=incident_id))


def _get(incident_id: str) -> engine.IncidentView:
    found = engine.get_incident(incident_id)
    if not _is_within(found.unit_path, _paths()):
        raise Forbidden(_("This incident belongs to another part of the organisation."))
    return found


def _paths() -> list[str]:
    return authority.paths(session.current_actor(), "incident.manage", now=clock.now())


def _is_within(unit_path: str | None, paths: list[str]) -> bool:
    """Whether one of the paths reaches the unit; what has no unit belongs to the whole organisation."""
    return any((unit_path or "/").startswith(path) for path in paths)


def _read_reason() -> str:
    reason = request.form.get("reason", "").strip()
    if not reason or len(reason) > MAX_REASON:
        message = _("Say in at most %(n)d characters why it can go on now.", n=MAX_REASON)
        raise Invalid(message, errors={"reason": [message]})
    return reason


def _read_data() -> Mapping[str, Any] | None:
    text = request.form.get("data", "").strip()
    if not text:
        return None
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        data = None
    if not isinstance(data, dict):
        message = _('Write the variables as a JSON object, such as {"unit": "GM-LJ"}.')
        raise Invalid(message, errors={"data": [message]})
    return data


def _page(found: engine.IncidentView, errors: Mapping[str, Any]) -> str:
    if errors:
        db.session.rollback()
    return render_template(
        "control/incident.html",
        incident=found,
        instance=engine.get_instance(found.instance_id),
        errors=errors,
        values=request.form if errors else {},
    )
