"""Running and ended cases: the list, one case with all there is to see of it, and what an operator may do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.control.views.blueprint import blueprint, read_reason, require_whole, same_page
from app.engine import api as engine
from app.identity import authority, session
from app.inbox import censors
from app.kernel import clock
from app.kernel.clock import LOCAL
from app.kernel.errors import Forbidden, Invalid
from app.kernel.i18n import current_locale
from app.web.access import requires

PAGE = 50
STATUSES = ("active", "suspended", "completed", "failed", "terminated")
RIGHT, REVEAL = "incident.manage", "customer.reveal"
HIDDEN = "•••"
NAME = re.compile(r"[^\W\d]\w{0,99}")


@blueprint.get("/instances")
@requires(RIGHT)
def instances() -> Any:
    """Cases of the operator's part of the organisation, by process, version, status and business key."""
    given = {name: request.args.get(name, "").strip() for name in ("process", "definition", "status", "key")}
    found = engine.page_of_instances(
        paths=_paths(RIGHT),
        process_key=given["process"] or None,
        definition_id=given["definition"] or None,
        status=given["status"] if given["status"] in STATUSES else None,
        business_key=given["key"] or None,
        before=request.args.get("before") or None,
        limit=PAGE + 1,
    )
    versions = engine.list_definitions(kind="bpmn", all_versions=True)
    return render_template(
        "control/instances.html",
        instances=found[:PAGE],
        given=given,
        processes=engine.list_definitions(kind="bpmn"),
        versions=[entry for entry in versions if entry.key == given["process"]][::-1],
        numbers={entry.id: entry.version for entry in versions},
        statuses=STATUSES,
        next_url=same_page(before=found[PAGE - 1].id) if len(found) > PAGE else None,
        first_url=same_page() if request.args.get("before") else None,
    )


@blueprint.get("/instances/<instance_id>")
@requires(RIGHT)
def instance(instance_id: str) -> Any:
    """One case: where it stands and why, what it waits for, what was done."""
    found = _get(instance_id)
    reveals = authority.may(session.current_actor(), REVEAL, unit_path=found.unit_path, now=clock.now())
    activities = engine.history(instance_id)
    return render_template(
        "control/instance.html",
        instance=found,
        definition=engine.get_definition(found.definition_id),
        tokens=engine.tokens(instance_id),
        timers=engine.list_timers(instance_id),
        waiting=[entry for entry in engine.waiting(instance_id) if entry.kind in {"message", "signal"}],
        incidents=engine.list_incidents(state=None, instance_id=instance_id),
        variables=_shown(_readable(found, engine.variables(instance_id)), reveals),
        decisions=[_decision(found, entry, reveals) for entry in engine.decisions_of(instance_id)],
        activities=activities,
        names={entry.element_id: (entry.name, entry.name_en) for entry in activities},
        operations=[_operation(found, entry, reveals) for entry in engine.operations(instance_id)],
        reveals=reveals,
    )


@blueprint.get("/instances/<instance_id>/diagram.json")
@requires(RIGHT)
def instance_diagram(instance_id: str) -> Response:
    """What the diagram viewer loads: the process with its tokens."""
    _get(instance_id)
    drawn = engine.diagram(instance_id, locale=current_locale())
    return jsonify(xml=drawn.xml, active=drawn.active, completed=drawn.completed, incidents=drawn.incidents)


@blueprint.post("/instances/<instance_id>/<any(suspend, resume, terminate):action>")
@requires(RIGHT)
def change_instance(instance_id: str, action: str) -> Any:
    """Stop a case for a while, let it go on, or end it."""
    _get(instance_id)
    change = {"suspend": engine.suspend, "resume": engine.resume, "terminate": engine.terminate}[action]
    change(instance_id, reason=read_reason(), actor=session.current_actor(), now=clock.now())
    return _back(instance_id)


@blueprint.post("/instances/<instance_id>/tokens/<token>/skip")
@requires(RIGHT)
def skip_step(instance_id: str, token: str) -> Any:
    """Let the flow go on behind a step, with the variables given."""
    _get(instance_id)
    actor, now = session.current_actor(), clock.now()
    engine.skip(instance_id, token, outputs=_variables(), reason=read_reason(), actor=actor, now=now)
    return _back(instance_id)


@blueprint.post("/instances/<instance_id>/tokens/<token>/move")
@requires(RIGHT)
def move_token(instance_id: str, token: str) -> Any:
    """Put a token to another element."""
    _get(instance_id)
    target, actor, now = request.form.get("target", ""), session.current_actor(), clock.now()
    engine.move_token(instance_id, token, target, reason=read_reason(), actor=actor, now=now)
    return _back(instance_id)


@blueprint.post("/instances/<instance_id>/variables")
@requires(RIGHT)
def set_variable(instance_id: str) -> Any:
    """Give a variable another value."""
    _get(instance_id)
    name, actor, now = request.form.get("name", "").strip(), session.current_actor(), clock.now()
    if not NAME.fullmatch(name):
        message = _("Name the variable as the diagram does: letters, digits and _.")
        raise Invalid(message, errors={"name": [message]})
    engine.set_variables(instance_id, {name: _value()}, reason=read_reason(), actor=actor, now=now)
    return _back(instance_id)


@blueprint.post("/timers/<timer_id>/fire")
@requires(RIGHT)
def fire_timer(timer_id: str) -> Any:
    """Let a timer fire at once."""
    timer = engine.get_timer(timer_id)
    _reach(timer)
    engine.fire_now(timer_id, reason=read_reason(), actor=session.current_actor(), now=clock.now())
    return _back_from(timer)


@blueprint.post("/timers/<timer_id>/move")
@requires(RIGHT)
def move_timer(timer_id: str) -> Any:
    """Let a timer be due at another time."""
    timer = engine.get_timer(timer_id)
    _reach(timer)
    due_at = _instant(request.form.get("due_at", ""))
    if due_at is None:
        message = _("Say when the timer shall be due.")
        raise Invalid(message, errors={"due_at": [message]})
    engine.move_timer(timer_id, due_at, reason=read_reason(), actor=session.current_actor(), now=clock.now())
    return _back_from(timer)


def _reach(timer: engine.TimerView) -> None:
    """A timer that starts a process concerns the whole organisation."""
    if timer.definition_id is not None:
        require_whole(RIGHT)
    else:
        _get(timer.instance_id)


def _back_from(timer: engine.TimerView) -> Any:
    if timer.definition_id is None:
        return _back(timer.instance_id)
    flash(_("Done, and written down with your reason."), "success")
    definition = engine.get_definition(timer.definition_id)
    return redirect(url_for("control.definition", kind=definition.kind, key=definition.key))


def _get(instance_id: str) -> engine.InstanceView:
    found = engine.get_instance(instance_id)
    if not any((found.unit_path or "/").startswith(path) for path in _paths(RIGHT)):
        raise Forbidden(_("This case belongs to another part of the organisation."))
    return found


def _paths(permission: str) -> list[str]:
    return authority.paths(session.current_actor(), permission, now=clock.now())


def _back(instance_id: str) -> Any:
    flash(_("Done, and written down with your reason."), "success")
    return redirect(url_for("control.instance", instance_id=instance_id))


def _instant(text: str) -> datetime | None:
    """A local date and time of a form, None where it is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=LOCAL)
    except ValueError:
        return None


def _value() -> Any:
    try:
        return orjson.loads(request.form.get("value", ""))
    except orjson.JSONDecodeError:
        message = _('Write the value as JSON: 5, true, null, or a text in quotes such as "GM-LJ".')
        raise Invalid(message, errors={"value": [message]}) from None


def _variables() -> Mapping[str, Any]:
    text = request.form.get("data", "").strip()
    try:
        data = orjson.loads(text) if text else {}
    except orjson.JSONDecodeError:
        data = None
    if not isinstance(data, dict):
        message = _('Write the variables as a JSON object, such as {"unit": "GM-LJ"}.')
        raise Invalid(message, errors={"data": [message]})
    return data


def _readable(found: engine.InstanceView, values: Mapping[str, Any]) -> dict[str, Any]:
    """What this reader may know of values of the case."""
    return censors.shown(found.process_key, found.business_key, values, actor=session.current_actor(), now=clock.now())


def _shown(values: Mapping[str, Any], reveals: bool) -> list[tuple[str, str]]:
    """Names and values as JSON; values may be a customer's, and are hidden from those without the right."""
    return [(name, _json(values[name]) if reveals else HIDDEN) for name in sorted(values)]


def _decision(found: engine.InstanceView, entry: engine.DecisionView, reveals: bool) -> dict[str, Any]:
    return {
        "key": entry.decision_id,
        "version": entry.version,
        "at": entry.at,
        "inputs": _shown(_readable(found, entry.inputs), reveals),
        "result": _json(_readable(found, {"": entry.result})[""]) if reveals else HIDDEN,
        "rules": [rule for rule in entry.rules if isinstance(rule, dict)],
    }


def _operation(found: engine.InstanceView, entry: engine.Operation, reveals: bool) -> dict[str, Any]:
    details = entry.details if reveals else {name: entry.details[name] for name in entry.details if name != "data"}
    details = _readable(found, details)
    reason = str(details.get("reason", ""))
    rest = {name: value for name, value in details.items() if name != "reason"}
    told = {"at": entry.at, "actor": entry.actor, "operation": entry.operation}
    return told | {"reason": reason, "details": _json(rest) if rest else ""}


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
