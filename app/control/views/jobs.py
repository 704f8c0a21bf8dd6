"""Background jobs: by state and kind, one job with its error, retry."""

from __future__ import annotations

from typing import Any

import orjson
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.control.views.blueprint import blueprint, page_number, require_whole, same_page
from app.identity import session
from app.kernel import clock, jobs
from app.web.access import requires

PAGE = 50
STATES = ("dead", "pending", "leased", "done")


@blueprint.get("/jobs", endpoint="jobs")
@requires("job.manage")
def jobs_page() -> Any:
    """Jobs of one state, the dead ones first of all."""
    require_whole("job.manage")
    state = request.args.get("state", STATES[0])
    state = state if state in STATES else STATES[0]
    kind, page = request.args.get("kind", "").strip(), page_number()
    found = jobs.list_jobs(state=state, kind=kind or None, limit=PAGE + 1, offset=(page - 1) * PAGE)
    return render_template(
        "control/jobs.html",
        jobs=found[:PAGE],
        state=state,
        kind=kind,
        counts=jobs.count_by_state(),
        states=STATES,
        next_url=same_page(page=page + 1) if len(found) > PAGE else None,
        previous_url=same_page(page=page - 1) if page > 1 else None,
    )


@blueprint.get("/jobs/<job_id>")
@requires("job.manage")
def job(job_id: str) -> Any:
    """One job: what it is to do, how often it tried, why it failed."""
    require_whole("job.manage")
    found = jobs.get_job(job_id)
    payload = orjson.dumps(found.payload, option=orjson.OPT_INDENT_2).decode()
    return render_template("control/job.html", job=found, payload=payload)


@blueprint.post("/jobs/<job_id>/retry")
@requires("job.manage")
def retry_job(job_id: str) -> Any:
    """Let a dead or waiting job run now, with all its attempts."""
    require_whole("job.manage")
    jobs.retry(job_id, actor=session.current_actor(), now=clock.now())
    flash(_("The job will run within seconds."), "success")
    return redirect(url_for("control.job", job_id=job_id))
