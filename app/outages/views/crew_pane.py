"""Crews beside the board: where they are, what they do, to be dragged onto an outage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.identity import queries as people
from app.kernel import clock
from app.kernel.i18n import localized
from app.outages.views.blueprint import blueprint
from app.outages.views.board_filters import wanted
from app.web.access import requires
from app.workorders.crew_rules import crew_rules
from app.workorders.labels import COLOUR, status_label
from app.workorders.queries.codes import all_names
from app.workorders.queries.crew_work import Work, work_of
from app.workorders.queries.crews import CrewView, crews_under
from app.workorders.queries.roster import shifts_now


@blueprint.get("/crews")
@requires("outage.read")
def crew_pane() -> ResponseReturnValue:
    """The crews of the units shown, on duty first."""
    now = clock.now()
    picked = wanted(now)
    paths = [picked.filters.unit_path] if picked.filters.unit_path else picked.paths
    found = crews_under(paths)
    words = all_names()
    units = people.units_by_code({crew.unit_code for crew in found}, at=now)
    ids = [crew.id for crew in found]
    return render_template(
        "outages/_crew_pane.html",
        crews=found,
        work=work_of(ids),
        shifts=shifts_now(ids, at=now),
        stale=now - crew_rules().stale,
        words={key: localized(word.name, word.name_en) for key, word in words.items()},
        unit={code: localized(unit.name, unit.name_en) for code, unit in units.items()},
        status_label=status_label,
        colour=COLOUR,
        state=state_of,
    )


def state_of(crew: CrewView, work: Sequence[Work]) -> str:
    """What a crew is doing in one word: `off`, `free`, or the state of its most urgent order."""
    if not crew.on_duty:
        return "off"
    return work[0].status if work else "free"


def crew_marks(paths: Sequence[str], *, now: datetime) -> list[list[Any]]:
    """For the map: id, name, latitude, longitude, state, whether the position is old; crews off duty are left out."""
    found = [crew for crew in crews_under(paths) if crew.position is not None and crew.on_duty]
    work = work_of([crew.id for crew in found])
    stale = now - crew_rules().stale
    return [
        [
            crew.id,
            localized(crew.name, crew.name_en),
            crew.position.lat,
            crew.position.lon,
            state_of(crew, work.get(crew.id, ())),
            crew.position.at < stale,
        ]
        for crew in found
        if crew.position is not None
    ]
