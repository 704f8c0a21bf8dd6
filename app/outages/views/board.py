"""The dispatchers' board (停电监控台): list, map, one-line diagram, crews; live, by mouse and by keyboard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from app.identity import authority
from app.identity import queries as people
from app.identity.session import current_actor
from app.kernel import clock
from app.kernel.i18n import localized
from app.outages.labels import NATURE, STATUS
from app.outages.queries import board as asked
from app.outages.queries import unplaced
from app.outages.queries.board import PLANNING, Row
from app.outages.queries.storms import name_of, under_way
from app.outages.views.blueprint import blueprint
from app.outages.views.board_filters import wanted
from app.outages.views.board_shown import Shown, shown
from app.outages.views.crew_pane import crew_marks
from app.web.access import requires
from app.workorders.queries.codes import all_names

FIRST = 40
"""Rows that come with the page; the others follow in batches once it stands."""

BATCH = 100


@blueprint.get("")
@requires("outage.read")
def board() -> ResponseReturnValue:
    """Outages under way in my units, the most pressing first."""
    now = clock.now()
    picked = wanted(now)
    found = asked.rows(picked.filters, paths=picked.paths, now=now)
    return render_template(
        "outages/board.html",
        rows=shown_rows(found[:FIRST], now=now),
        marks=[(row.id, row.mark) for row in found],
        totals=asked.totals(found, paths=picked.paths, now=now),
        unplaced=unplaced.count(picked.paths),
        storms=under_way(picked.paths),
        storm=name_of(picked.filters.storm) if picked.filters.storm is not None else "",
        picked=picked,
        units=[(unit.code, localized(unit.name, unit.name_en)) for unit in picked.units],
        natures=NATURE,
        statuses={code: words for code, words in STATUS.items() if code not in {"closed", "cancelled"}},
        planning=PLANNING,
        feeders=_feeders(found),
        may_send=may("order.dispatch", now),
        may_manage=may("outage.manage", now),
        now=now,
    )


@blueprint.get("/board.json")
@requires("outage.read")
def board_data() -> Response:
    """What the board shows, in marks: id, mark, and what the map draws; sums as a piece of the page."""
    now = clock.now()
    picked = wanted(now)
    found = asked.rows(picked.filters, paths=picked.paths, now=now)
    sums = asked.totals(found, paths=picked.paths, now=now)
    answer = jsonify(
        rows=[[row.id, row.mark] for row in found],
        points=_points(found, now=now),
        crews=crew_marks(picked.paths, now=now),
        totals=render_template(
            "outages/_board_totals.html",
            totals=sums,
            storms=under_way(picked.paths),
            unplaced=unplaced.count(picked.paths),
        ),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/rows")
@requires("outage.read")
def board_rows() -> ResponseReturnValue:
    """Some rows of the board, by their ids."""
    now = clock.now()
    picked = wanted(now)
    given = request.args.get("ids", "")[:2000].split(",")
    ids = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 10][:BATCH]
    found = asked.rows(picked.filters, paths=picked.paths, now=now, ids=ids)
    return render_template(
        "outages/_board_rows.html", rows=shown_rows(found, now=now), may_send=may("order.dispatch", now)
    )


def shown_rows(found: list[Row], *, now: datetime) -> list[Shown]:
    """Rows in the reader's language."""
    words = all_names()
    units = people.units_by_code({row.unit_code for row in found}, at=now)
    names = {code: localized(unit.name, unit.name_en) for code, unit in units.items()}
    return [shown(row, now=now, units=names, words=words) for row in found]


def may(permission: str, now: datetime) -> bool:
    """Whether the reader has the right anywhere."""
    return authority.may(current_actor(), permission, unit_path=None, now=now)


def _points(found: list[Row], *, now: datetime) -> list[list[Any]]:
    """For the map: id, latitude, longitude, customers out, colour, number, place, feeder."""
    where = asked.places(found, now=now)
    return [
        [
            row.id,
            *where[row.id],
            row.customers_out,
            row.sla or ("grey" if row.customers_out == 0 else "orange"),
            row.number,
            row.device or row.zone,
            row.feeder_code,
        ]
        for row in found
        if row.id in where
    ]


def _feeders(found: list[Row]) -> list[tuple[str, str]]:
    known = {row.feeder_code: row.feeder or row.feeder_code for row in found if row.feeder_code}
    return sorted(known.items(), key=lambda pair: pair[1])
