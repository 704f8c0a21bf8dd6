"""Moving cases to another version: the plan, the dry run, the migration under way, the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.control.views.blueprint import blueprint, digits, read_reason, require_whole, same_page
from app.control.views.comparing import shown_differences, versions_of
from app.engine import api as engine
from app.engine.api import finding_sentence
from app.identity import session
from app.kernel import clock
from app.kernel.errors import Invalid
from app.web.access import requires

RIGHT = "incident.manage"
PAGE, TRIED = 50, 20
"""Results, and cases of a dry run, on one page: a dry run moves copies, which takes its time."""

MAP = "map."
STATES = ("pending", "moved", "refused", "reverted")


@blueprint.get("/migrations")
@requires(RIGHT)
def migrations() -> Any:
    """Migrations done and under way, and where a new one begins."""
    require_whole(RIGHT)
    processes = engine.list_definitions(kind="bpmn")
    return render_template(
        "control/migrations.html",
        migrations=engine.list_migrations(),
        processes=[one for one in processes if one.version > 1],
        names={one.key: (one.name, one.name_en) for one in processes},
    )


@blueprint.get("/migrations/plan")
@requires(RIGHT)
def migration_plan() -> Any:
    """The plan of a migration: versions, which element becomes which, and with `try` its dry run."""
    require_whole(RIGHT)
    return _plan(request.args, {})


@blueprint.post("/migrations")
@requires(RIGHT)
def start_migration() -> Any:
    """Begin what was planned; a job moves the cases in batches."""
    require_whole(RIGHT)
    form = request.form
    newest = engine.get_definition(form.get("process", ""))
    source, target = _versions(form, newest.version)
    try:
        reason = read_reason()
        started = engine.start_migration(
            newest.key, source=source, target=target, mapping=_mapping(form), reason=reason,
            confirmed=form.get("confirmed") == "1", actor=session.current_actor(), now=clock.now(),
        )  # fmt: skip
    except Invalid as refused:
        return _plan(form, refused.details.get("errors") or {"plan": [str(refused)]}), 422
    return redirect(url_for("control.migration", migration_id=started.id))


@blueprint.get("/migrations/<migration_id>")
@requires(RIGHT)
def migration(migration_id: str) -> Any:
    """One migration: how far it is, and what became of each case."""
    require_whole(RIGHT)
    found = engine.get_migration(migration_id)
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    results = engine.migration_results(
        migration_id, state=state or None, after=request.args.get("after") or None, limit=PAGE + 1
    )
    total = sum(found.counts.values())
    definition = engine.get_definition(found.target_id)
    return render_template(
        "control/migration.html",
        migration=found,
        definition=definition,
        total=total,
        done=total - found.counts.get("pending", 0),
        state=state,
        states=STATES,
        results=[_result(one) for one in results[:PAGE]],
        next_url=same_page(after=results[PAGE - 1].instance_id) if len(results) > PAGE else None,
        first_url=same_page(after="") if request.args.get("after") else None,
    )


@blueprint.post("/migrations/<migration_id>/<instance_id>/revert")
@requires(RIGHT)
def revert_migration(migration_id: str, instance_id: str) -> Any:
    """Return one case to the version before."""
    require_whole(RIGHT)
    actor, now = session.current_actor(), clock.now()
    engine.revert_migration(migration_id, instance_id, reason=read_reason(), actor=actor, now=now)
    flash(_("The case is back on the version before."), "success")
    return redirect(url_for("control.migration", migration_id=migration_id))


def _plan(given: Mapping[str, str], errors: Mapping[str, Any]) -> str:
    newest = engine.get_definition(given.get("process", ""))
    source, target = _versions(given, newest.version)
    numbers = [one.version for one in reversed(versions_of(newest.key))]
    source, target = (one if one in numbers else numbers[0] for one in (source, target))
    mapping = _mapping(given)
    tried: list[dict[str, Any]] = []
    if "try" in given and not errors:
        tried, errors = _try(newest.key, source, target, mapping)
    return render_template(
        "control/migration_plan.html",
        definition=newest,
        versions=numbers,
        running=engine.running_by_version(newest.key),
        source=source,
        target=target,
        same=source == target,
        differences=shown_differences(newest.key, source, target),
        proposals=engine.propose_mapping(newest.key, source=source, target=target),
        mapping=mapping if "try" in given or errors else None,
        tried=tried[:TRIED],
        was_tried="try" in given,
        more=len(tried) > TRIED,
        next_url=same_page(after=tried[TRIED - 1]["instance_id"]) if len(tried) > TRIED else None,
        errors=errors,
        values=given,
    )


def _try(
    key: str, source: int, target: int, mapping: Mapping[str, str]
) -> tuple[list[dict[str, Any]], Mapping[str, Any]]:
    """A page of the dry run, or what is wrong with the plan."""
    after = request.args.get("after") or None
    try:
        found = engine.preview_migration(
            key, source=source, target=target, mapping=mapping, after=after, limit=TRIED + 1, now=clock.now()
        )
    except Invalid as refused:
        return [], refused.details.get("errors") or {"plan": [str(refused)]}
    return [_told(one, verdict=one.verdict) for one in found], {}


def _result(one: engine.MigrationResult) -> dict[str, Any]:
    return _told(one, state=one.state, can_revert=one.can_revert, done_at=one.done_at)


def _told(one: engine.Preview | engine.MigrationResult, **more: Any) -> dict[str, Any]:
    """A case with its findings as sentences."""
    findings = [
        {"element_id": entry.element_id, "name": entry.name, "name_en": entry.name_en, "text": finding_sentence(entry)}
        for entry in one.findings
    ]
    case = {"instance_id": one.instance_id, "business_key": one.business_key, "title": one.title}
    return case | {"findings": findings} | more


def _versions(given: Mapping[str, str], newest: int) -> tuple[int, int]:
    return digits(given.get("source", ""), max(newest - 1, 1)), digits(given.get("target", ""), newest)


def _mapping(given: Mapping[str, str]) -> dict[str, str]:
    """The fields `map.<element>`; an element mapped to nothing is left out."""
    return {name.removeprefix(MAP): value for name, value in given.items() if name.startswith(MAP) and value}
