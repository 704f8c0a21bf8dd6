"""The page of surveys: how callers were served."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.kernel import clock
from app.kernel.clock import LOCAL
from app.telephony.surveys.answers import counts
from app.web import navigation
from app.web.access import requires
from app.web.inputs import day

RIGHT = "report.read"
DAYS = timedelta(days=29)
TITLES = {"agent_service": _l("After talking with an agent")}

blueprint = Blueprint("surveys", __name__, url_prefix="/ivr/surveys", template_folder="templates")


@blueprint.get("/")
@requires(RIGHT)
def index() -> ResponseReturnValue:
    """Answers and the share of the satisfied; numbers alone, of the whole line."""
    today = clock.now().astimezone(LOCAL).date()
    since, until = day("since") or today - DAYS, day("until") or today
    begin = datetime.combine(since, time(), LOCAL)
    end = datetime.combine(until, time(), LOCAL) + timedelta(days=1)
    return render_template(
        "surveys/index.html", surveys=counts(since=begin, until=end), titles=TITLES, since=since, until=until
    )


def init_app(app: Flask) -> None:
    """Add the page and its entry in the menu."""
    app.register_blueprint(blueprint)
    navigation.add("surveys.index", _l("Callers' satisfaction"), "mood-smile", (RIGHT,), "manage", 66)
