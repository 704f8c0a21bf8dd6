"""How long records are kept: the days in force, what is over now, what went before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.control.views.blueprint import blueprint, read_reason, require_whole
from app.engine import api as engine
from app.identity import session
from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.retention import kinds, rules, sweeping
from app.web.access import requires

RIGHT = "job.manage"


@blueprint.get("/retention")
@requires(RIGHT)
def retention() -> Any:
    """The kinds of records with their days, and the form that changes them."""
    require_whole(RIGHT)
    return _page({})


@blueprint.post("/retention")
@requires(RIGHT)
def set_retention() -> Any:
    """Keep a kind for so many days, of one process or of all."""
    require_whole(RIGHT)
    form, actor, now = request.form, session.current_actor(), clock.now()
    try:
        rules.set_rule(
            form.get("kind", ""), process_key=form.get("process_key", ""), days=_days(form.get("days", "").strip()),
            reason=read_reason(), actor=actor, now=now,
        )  # fmt: skip
    except Invalid as refused:
        return _page(refused.details.get("errors", {})), 422
    flash(_("The rule holds from the next hour's sweep on."), "success")
    return redirect(url_for("control.retention"))


@blueprint.post("/retention/<kind>/drop")
@requires(RIGHT)
def drop_retention(kind: str) -> Any:
    """Return to the standard."""
    require_whole(RIGHT)
    actor, process_key = session.current_actor(), request.form.get("process_key", "")
    rules.drop_rule(kind, process_key=process_key, reason=read_reason(), actor=actor, now=clock.now())
    flash(_("The standard holds again."), "success")
    return redirect(url_for("control.retention"))


def _days(text: str) -> int | None:
    """None, for ever, where the field is empty; 0, which no rule may be, where it is no number."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _page(errors: Mapping[str, Any]) -> str:
    now, given = clock.now(), rules.rules()
    over = sweeping.would_remove(now)
    own = {rule.kind: rule for rule in given if not rule.process_key}
    local = [rule for rule in given if rule.process_key]
    return render_template(
        "control/retention.html",
        kinds=[
            {
                "name": kind.name, "title": kind.title, "title_en": kind.title_en, "basis": kind.basis,
                "basis_en": kind.basis_en, "by_process": kind.by_process, "standard": kind.days(),
                "own": own.get(kind.name), "processes": [one for one in local if one.kind == kind.name],
                "over": over[kind.name],
            }
            for kind in kinds.every()
        ],
        runs=sweeping.runs(),
        processes=engine.list_definitions(kind="bpmn"),
        errors=errors,
        values=request.form if errors else {},
    )  # fmt: skip
