"""Billing runs: start one, see how far it is, look through what it could not bill, release it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.billing import operations
from app.billing.computing import KINDS
from app.billing.periods import period_of
from app.billing.queries import runs as queries
from app.billing.views.blueprint import blueprint
from app.billing.views.shown import words
from app.identity import authority
from app.identity import queries as people
from app.identity.session import acting
from app.kernel.clock import LOCAL
from app.kernel.i18n import localized
from app.web.access import requires
from app.web.inputs import number as whole
from app.web.inputs import same_page, text

ISSUE = "bill.issue"


@blueprint.get("/billing/runs")
@requires(ISSUE)
def runs() -> ResponseReturnValue:
    """The runs of my units, and the form for a new one."""
    who = acting()
    paths = authority.paths(who["actor"], ISSUE, now=who["now"])
    rows = queries.runs(paths=paths, before=whole("before"))
    units = people.subtree(paths, at=who["now"])
    return render_template(
        "billing/runs.html",
        rows=rows,
        next_url=same_page(before=rows[-1].id) if len(rows) == queries.PAGE else None,
        units=units,
        unit_names=_unit_names(units),
        segments=[(code, localized(name, name_en)) for code, name, name_en in queries.segments(paths=paths)],
        period=period_of(who["now"].astimezone(LOCAL).date()),
        **words(),
    )


@blueprint.post("/billing/runs")
@requires(ISSUE)
def new_run() -> ResponseReturnValue:
    """Begin a run."""
    chosen = [code for code in request.form.getlist("segments") if code][:500]
    number = operations.start_run(period=text("period"), unit=text("unit"), segments=chosen, **acting())
    return redirect(url_for("billing.run", number=number))


@blueprint.get("/billing/runs/<number>")
@requires(ISSUE)
def run(number: str) -> ResponseReturnValue:
    """One run: progress, sums, exceptions."""
    who = acting()
    paths = authority.paths(who["actor"], ISSUE, now=who["now"])
    view = queries.run_view(number, paths=paths)
    kind = text("kind") if text("kind") in KINDS else ""
    state = text("state") if "state" in request.args else "open"
    rows = queries.exceptions(view.id, state=state, kind=kind, after=whole("after") or 0)
    return render_template(
        "billing/run.html",
        run=view,
        unit=_unit_names(people.subtree(paths, at=who["now"])).get(view.unit_code, view.unit_code),
        drafts=queries.drafts(view.id),
        rows=rows,
        counts=queries.exception_counts(view.id),
        kind=kind,
        state=state,
        next_url=same_page(after=rows[-1].id) if len(rows) == queries.PAGE else None,
        **words(),
    )


@blueprint.post("/billing/runs/<number>/release")
@requires(ISSUE)
def release(number: str) -> ResponseReturnValue:
    """Issue the run's drafts."""
    issued = operations.release_run(number, **acting())
    flash(_("%(count)s bills are issued.", count=issued), "success")
    return redirect(url_for("billing.run", number=number))


@blueprint.post("/billing/runs/<number>/discard")
@requires(ISSUE)
def discard(number: str) -> ResponseReturnValue:
    """Throw the run's drafts away."""
    gone = operations.discard_run(number, **acting())
    flash(_("%(count)s drafts are discarded.", count=gone), "success")
    return redirect(url_for("billing.run", number=number))


@blueprint.post("/billing/exceptions/<int:exception_id>")
@requires(ISSUE)
def settle(exception_id: int) -> ResponseReturnValue:
    """Accept an unusual bill, or close an exception."""
    number = operations.settle_exception(exception_id, accept=text("act") == "accept", note=text("note"), **acting())
    return redirect(url_for("billing.run", number=number))


@blueprint.post("/billing/issue")
@requires(ISSUE)
def issue() -> ResponseReturnValue:
    """Bill one customer, whose readings were put right."""
    made = operations.issue_bill(text("customer"), text("period"), **acting())
    flash(_("Bill %(number)s is issued.", number=made), "success")
    return redirect(url_for("billing.bill", number=made))


@blueprint.post("/billing/final")
@requires(ISSUE)
def issue_final() -> ResponseReturnValue:
    """Bill a customer whose last meter is gone up to that day."""
    made = operations.issue_final_bill(text("customer"), **acting())
    flash(_("Final bill %(number)s is issued.", number=made), "success")
    return redirect(url_for("billing.bill", number=made))


def _unit_names(units: Any) -> dict[str, str]:
    return {unit.code: localized(unit.name, unit.name_en) for unit in units}
