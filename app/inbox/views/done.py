"""The page of what I did, so that one finds a case again that has moved on."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.inbox import topics
from app.inbox.queries.counts import count_scopes
from app.inbox.queries.done import done_by
from app.inbox.views.blueprint import WORK, blueprint
from app.inbox.views.inputs import current_reader
from app.inbox.views.lists import tabs_of
from app.kernel import clock
from app.web.access import requires

LONGEST_SEARCH = 200


@blueprint.get("/inbox/done")
@requires(*WORK)
def done() -> ResponseReturnValue:
    """The tasks I completed, newest first; `q` searches them."""
    now, reader = clock.now(), current_reader()
    q, after = request.args.get("q", "").strip()[:LONGEST_SEARCH], request.args.get("after", "")
    counts = count_scopes(reader, now=now)
    page = done_by(reader, q=q, after=after, now=now)
    return render_template(
        "inbox/done.html",
        page=page,
        q=q,
        after=after,
        tabs=tabs_of("done", reader, counts),
        topics=[topics.of_person(reader.user_id)],
        next_url=url_for("inbox.done", q=q or None, after=page.after) if page.after else None,
        first_url=url_for("inbox.done", q=q or None) if after else None,
        whole_url=url_for("inbox.done"),
    )
