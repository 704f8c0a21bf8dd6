"""Where a process spends its time: its diagram painted by how often and how long, and the figures beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from app.control.views.blueprint import blueprint
from app.engine import api as engine
from app.identity import authority, queries, session
from app.kernel import clock
from app.kernel.clock import LOCAL
from app.kernel.i18n import current_locale, format_duration
from app.web.access import requires

RIGHT = "definition.read"
LEVELS = 5
DAYS = 30
"""The period shown to begin with, today included."""

BY: Mapping[str, Callable[[engine.ElementStatistics], float | None]] = {
    "count": lambda one: one.started,
    "open": lambda one: one.open_now,
    "median": lambda one: one.median,
    "mean": lambda one: one.mean,
    "p90": lambda one: one.p90,
}
"""What elements may be painted by."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as given; `last` is the last day, included. `unit` is a code, "" the reader's whole part.

    `every` asks for gateways, scripts and whatever else takes no time in the table too.
    """

    first: date | None
    last: date | None
    version: int | None
    unit: str
    by: str
    every: bool


@blueprint.get("/definitions/bpmn/<key>/figures")
@requires(RIGHT)
def figures(key: str) -> Any:
    """The figures of a process for a period, a unit and a version."""
    newest = engine.get_definition(key)
    asked = _asked()
    versions = [one for one in engine.list_definitions(kind="bpmn", all_versions=True) if one.key == newest.key]
    shown = next((one for one in versions if one.version == asked.version), newest)
    found = _statistics(newest.key, asked)
    return render_template(
        "control/figures.html",
        definition=newest,
        shown=shown,
        versions=[one.version for one in reversed(versions)],
        units=queries.subtree(_paths(), at=clock.now()),
        asked=asked,
        rows=[one for one in found if asked.every or _lasts(one)],
        hidden=0 if asked.every else sum(not _lasts(one) for one in found),
        levels=range(1, LEVELS + 1),
        diagram_url=f"{url_for('control.figures_diagram', definition_id=shown.id)}?{request.query_string.decode()}",
        duration=_duration,
    )


@blueprint.get("/definition-diagrams/<definition_id>/figures")
@requires(RIGHT)
def figures_diagram(definition_id: str) -> Response:
    """What the diagram viewer loads: the process with its figures as colours and words."""
    definition = engine.get_definition(definition_id)
    asked = _asked()
    rows = _statistics(definition.key, asked)
    values = {one.element_id: BY[asked.by](one) for one in rows}
    highest = max((value for value in values.values() if value), default=0)
    marks = {one.element_id: _mark(one, asked.by, values[one.element_id], highest) for one in rows}
    xml = engine.definition_diagram(definition.id, current_locale())
    return jsonify(xml=xml, active={}, completed=[], incidents=[], marks=marks)


def _mark(one: engine.ElementStatistics, by: str, value: float | None, highest: float) -> dict[str, str]:
    numbers = {"done": one.completed, "left": one.cancelled, "open": one.open_now}
    words = _("%(done)d done, %(left)d left, %(open)d open now", **numbers)
    if one.median is not None and one.longest:
        words += _("; median %(time)s", time=_duration(one.median))
    level = level_of(value, highest)
    shown = "" if not value else str(int(value)) if by in {"count", "open"} else _duration(value)
    return {"name": f"heat-{level}" if level else "", "badge": shown, "words": words}


def level_of(value: float | None, highest: float) -> int:
    """0 for nothing, then 1 to `LEVELS` by the logarithm: steps passed a thousand times leave others their colour."""
    if not value or highest <= 0:
        return 0
    return max(math.ceil(LEVELS * math.log1p(value) / math.log1p(highest)), 1)


def _lasts(one: engine.ElementStatistics) -> bool:
    """Whether anybody or anything ever waited in the step, or left it early."""
    return bool(one.open_now or one.cancelled or (one.longest or 0) >= 1)


def _duration(seconds: float) -> str:
    return format_duration(timedelta(seconds=seconds))


def _statistics(key: str, asked: Asked) -> list[engine.ElementStatistics]:
    paths = _paths()
    unit = queries.unit_by_code(asked.unit, at=clock.now()) if asked.unit else None
    if unit is not None and any(unit.path.startswith(path) for path in paths):
        paths = [unit.path]
    to = asked.last + timedelta(days=1) if asked.last else None
    return engine.element_statistics(key, asked.version, from_=asked.first, to=to, unit_path=paths)


def _paths() -> list[str]:
    return authority.paths(session.current_actor(), RIGHT, now=clock.now())


def _asked() -> Asked:
    today = clock.now().astimezone(LOCAL).date()
    given = request.args
    version = given.get("version", "")
    first = _day(given["first"]) if "first" in given else today - timedelta(days=DAYS - 1)
    last = _day(given["last"]) if "last" in given else today
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 7 else None
    by = given.get("by", "")
    return Asked(
        first, last, number, given.get("unit", "")[:50], by if by in BY else "count", given.get("every") == "1"
    )


def _day(text: str) -> date | None:
    """A day of a form; None, the whole time, where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
