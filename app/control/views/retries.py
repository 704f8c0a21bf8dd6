"""Several incidents tried again: how far it is, and what became of each."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from app.control.views.blueprint import blueprint, same_page
from app.engine import api as engine
from app.identity import authority, session
from app.kernel import clock
from app.web.access import requires

PAGE = 50
STATES = ("pending", "resolved", "failed", "skipped")


@blueprint.get("/retries")
@requires("incident.manage")
def retries() -> Any:
    """The latest retries."""
    return render_template("control/retries.html", retries=engine.list_retries())


@blueprint.get("/retries/<retry_id>")
@requires("incident.manage")
def retry(retry_id: str) -> Any:
    """One retry; incidents of other parts of the organisation are counted, not shown."""
    found = engine.get_retry(retry_id)
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    results = engine.retry_results(
        retry_id, state=state or None, after=request.args.get("after") or None, limit=PAGE + 1
    )
    paths = tuple(authority.paths(session.current_actor(), "incident.manage", now=clock.now()))
    total = sum(found.counts.values())
    return render_template(
        "control/retry.html",
        retry=found,
        total=total,
        done=total - found.counts.get("pending", 0),
        state=state,
        states=STATES,
        results=[one for one in results[:PAGE] if (one.incident.unit_path or "/").startswith(paths)],
        next_url=same_page(after=results[PAGE - 1].incident.id) if len(results) > PAGE else None,
        first_url=same_page(after="") if request.args.get("after") else None,
    )
