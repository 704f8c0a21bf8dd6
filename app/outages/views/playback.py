"""Playback of a past storm (回放): the board as it stood, with a slider and speeds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue

from app.identity import authority
from app.identity.session import current_actor
from app.kernel import clock
from app.kernel.clock import LOCAL
from app.kernel.i18n import localized
from app.outages.labels import STATUS
from app.outages.queries.playback import moved, played
from app.outages.replaying import changes_of
from app.outages.rights import READ
from app.outages.views.blueprint import blueprint
from app.web.access import requires
from app.web.inputs import instant

USUAL = timedelta(hours=24)
SPEEDS = (1, 10, 60, 300, 1200)
"""Seconds of the storm that pass in one of ours."""


@blueprint.get("/playback")
@requires("outage.read")
def playback() -> ResponseReturnValue:
    """The page; what it plays is fetched by it."""
    now = clock.now()
    since, until = _span(now)
    return render_template(
        "outages/playback.html",
        since=since.astimezone(LOCAL),
        until=until.astimezone(LOCAL),
        speeds=SPEEDS,
        statuses={code: str(words) for code, words in STATUS.items()},
    )


@blueprint.get("/playback.json")
@requires("outage.read")
def playback_data() -> Response:
    """Outages of the span, what changed when (milliseconds), where crews were."""
    now = clock.now()
    since, until = _span(now)
    paths = authority.paths(current_actor(), READ, now=now)
    outages = played(since, until, paths=paths, now=now)
    answer = jsonify(
        since=_ms(since),
        until=_ms(until),
        outages=[
            [
                one.id,
                one.number,
                one.device,
                one.feeder,
                one.important,
                _ms(one.started_at),
                *(one.place or (None, None)),
            ]
            for one in outages
        ],
        changes=[
            [_ms(change.at), change.outage_id, {name: _plain(value) for name, value in change.fields.items()}]
            for change in changes_of(one.history for one in outages)
            if change.at < until
        ],
        crews=[
            [_ms(one.at), one.crew_id, localized(one.name, one.name_en), one.lat, one.lon]
            for one in moved(since, until, paths=paths)
        ],
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _span(now: datetime) -> tuple[datetime, datetime]:
    until = instant("to") or now
    return instant("from") or until - USUAL, until


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _plain(value: Any) -> Any:
    return _ms(value) if isinstance(value, datetime) else value
