"""The wall display (大屏): large, dark, without hands; follows by itself for weeks."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.outages.queries import board as asked
from app.outages.views.blueprint import blueprint
from app.outages.views.board import shown_rows
from app.outages.views.board_filters import wanted
from app.web.access import requires

PAGE = 7
"""Rows that can be read from across the room."""

PAGES = 12


@blueprint.get("/wall")
@requires("outage.read")
def wall() -> ResponseReturnValue:
    """Sums and the most pressing outages in pages that take turns. `?turn=` seconds a page."""
    return render_template("outages/wall.html", turn=_turn(), **_shown())


@blueprint.get("/wall/content")
@requires("outage.read")
def wall_content() -> ResponseReturnValue:
    """What is fetched anew when something changed."""
    return render_template("outages/_wall.html", **_shown())


def _shown() -> dict[str, object]:
    now = clock.now()
    picked = wanted(now)
    found = asked.rows(picked.filters, paths=picked.paths, now=now)
    rows = shown_rows([row for row in found if row.active][: PAGE * PAGES], now=now)
    return {
        "pages": [rows[start : start + PAGE] for start in range(0, len(rows), PAGE)],
        "totals": asked.totals(found, paths=picked.paths, now=now),
        "args": picked.args,
    }


def _turn() -> int:
    given = request.args.get("turn", "")
    return min(120, max(5, int(given))) if given.isdigit() and len(given) < 4 else 15
