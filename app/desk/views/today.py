"""My conversations of a day."""

from __future__ import annotations

from datetime import datetime, time

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.desk.queries import conversations_of
from app.desk.views.blueprint import blueprint
from app.identity.session import current_user_id
from app.kernel import clock
from app.kernel.clock import LOCAL
from app.web.access import requires
from app.workorders.queries.codes import all_names

RESULT = {
    "order": _l("Order taken"),
    "solved": _l("Answered at once"),
    "reminded": _l("Reminded"),
    "joined": _l("Joined to an order"),
    "told": _l("Told how it stands"),
    "dropped": _l("Nothing came of it"),
}


@blueprint.get("/today")
@requires("desk.use")
def today() -> ResponseReturnValue:
    """What I talked about today, the last first."""
    day = clock.now().astimezone(LOCAL).date()
    since = datetime.combine(day, time(), tzinfo=LOCAL)
    return render_template(
        "desk/today.html",
        rows=conversations_of(current_user_id(), since=since),
        names=all_names(),
        results=RESULT,
    )
