"""The audit trail: who did what to whom, when; of the reader's part of the organisation."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from app.identity import authority, queries, session
from app.identity.trail_titles import DETAILS, SUBJECTS, TITLES
from app.identity.views.blueprint import blueprint
from app.identity.views.inputs import day, number, same_page, text
from app.kernel import clock
from app.web.access import requires


@blueprint.get("/audit")
@requires("audit.read")
def audit_trail() -> Any:
    """Entries, newest first, by person, subject, action and period."""
    entries, older = queries.read_trail(
        paths=authority.paths(session.current_actor(), "audit.read", now=clock.now()),
        actor=text("actor").strip(),
        subject=text("subject").strip(),
        action=text("action"),
        since=day("since"),
        until=day("until", end=True),
        before=number("before"),
    )
    return render_template(
        "identity/audit.html",
        entries=entries,
        titles=TITLES,
        subjects=SUBJECTS,
        details=DETAILS,
        filters=request.args,
        next_url=same_page(before=older) if older else None,
        first_url=same_page() if text("before") else None,
    )
