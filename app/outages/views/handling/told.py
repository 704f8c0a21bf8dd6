"""Who was told about an outage, when and how: a list that goes on by its last row."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.identity import authority
from app.identity.session import acting, current_actor
from app.kernel import clock
from app.notify import failures
from app.outages import labels
from app.outages.queries import outage_view
from app.outages.queries.notices import notices_of, told_of
from app.outages.views.blueprint import blueprint
from app.web.access import requires
from app.web.inputs import number as whole
from app.web.inputs import same_page, text

PAGE = 50


@blueprint.get("/<number>/told")
@requires("outage.read")
def told(number: str) -> ResponseReturnValue:
    """Everybody who was told, by notice, state and way."""
    found = outage_view(number, **acting())
    notice, state, channel = whole("notice"), text("state"), text("channel")
    rows = told_of(found.id, notice_id=notice, state=state, channel=channel, after=whole("after") or 0, limit=PAGE + 1)
    clear = authority.may(current_actor(), "customer.sensitive", unit_path=found.unit_path, now=clock.now())
    return render_template(
        "outages/handling/told.html",
        outage=found,
        rows=rows[:PAGE],
        notices=notices_of(found.id),
        next=same_page(after=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        chosen={"notice": notice or "", "state": state, "channel": channel},
        clear=clear,
        masked=_masked,
        failure=failures.words,
        labels=labels,
    )


def _masked(value: str) -> str:
    """A number or address for those without the right."""
    if not value:
        return ""
    if "@" in value:
        name, _at, domain = value.partition("@")
        return f"{name[:1]}***@{domain}"
    return f"{value[:-8]}****{value[-4:]}" if len(value) > 8 else f"****{value[-2:]}"
