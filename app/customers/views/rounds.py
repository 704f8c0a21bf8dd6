"""Enter readings by round (抄表段): a list in the order of the houses, each row judged as it is sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.customers import page_labels as labels
from app.customers.judging import REGISTERS
from app.customers.operations.history import Origin
from app.customers.operations.readings import ENTER, NOTE_LENGTH, Doubtful, ReadingData, enter
from app.customers.queries.codes import codes
from app.customers.queries.lines import lines_of
from app.customers.queries.segments import ReadingLine, SegmentView, energy, reading_page, segment, segments
from app.customers.queries.shown import shown_lines
from app.customers.views.blueprint import blueprint
from app.customers.views.registers import registers
from app.identity import authority
from app.identity import queries as people
from app.identity.session import current_actor
from app.kernel import clock, db
from app.kernel.clock import LOCAL
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import localized
from app.web.access import requires
from app.web.inputs import day, same_page, text

KINDS = ("regular", "check", "estimated")
"""Kinds a reader enters; installation and removal come with the meter, a correction with what it corrects."""
CORRECTION = "correction"


@blueprint.get("/readings")
@requires(ENTER)
def rounds() -> ResponseReturnValue:
    """The rounds of my units."""
    found = segments(paths=_paths(), text=text("q")[:40])
    units = people.units_by_code({one.unit_code for one in found}, at=clock.now())
    return render_template(
        "customers/rounds.html",
        rounds=found,
        typed=text("q"),
        unit={code: localized(unit.name, unit.name_en) for code, unit in units.items()},
    )


@blueprint.get("/readings/<code>")
@requires(ENTER)
def round_(code: str) -> ResponseReturnValue:
    """The meters of a round on a day, with the last readings beside."""
    found, on = _round(code), _day()
    page = reading_page(code, on, after=text("after")[:32])
    return render_template(
        "customers/round.html",
        round=found,
        on=on,
        page=page,
        next_url=same_page(after=page.after) if page.after else None,
        first_url=same_page() if text("after") else None,
        **_row_context(page.lines),
    )


@blueprint.post("/readings/<code>/<int:meter_id>")
@requires(ENTER)
def enter_reading(code: str, meter_id: int) -> ResponseReturnValue:
    """Keep one reading and answer its row anew: kept, doubted or refused."""
    _round(code)
    on = _day()
    errors: dict[str, Any] = {}
    doubts: list[str] = []
    try:
        data = _given(on)
        origin = Origin(current_actor(), clock.now(), right=ENTER)
        enter(meter_id, data, confirmed=bool(text("confirmed")), origin=origin)
    except Doubtful as doubted:
        db.session.rollback()
        doubts = [str(one) for one in doubted.details["sentences"]]
    except (Invalid, Conflict) as refused:
        db.session.rollback()
        errors = refused.details.get("errors") or {"": [str(refused)]}
    if "HX-Request" not in request.headers and not errors and not doubts:
        return redirect(url_for("customers.round_", code=code, day=on.isoformat()))
    page = reading_page(code, on, only=meter_id)
    if not page.lines:
        abort(404)
    told = {name: [str(message) for message in messages] for name, messages in errors.items()}
    return render_template(
        "customers/_reading_row.html",
        round=segment(code, paths=_paths()),
        on=on,
        line=page.lines[0],
        errors=told,
        doubts=doubts,
        typed=request.form if errors or doubts else {},
        **_row_context(page.lines),
    )


def _given(on: date) -> ReadingData:
    """The reading of the form; a correction says why (what is wrong is never changed, only put right)."""
    kind, note = text("kind") or KINDS[0], text("note")[:NOTE_LENGTH]
    if kind not in (*KINDS, CORRECTION):
        kind = KINDS[0]
    if kind == CORRECTION and not note:
        message = _l("Say why the reading is corrected.")
        raise Invalid(message, errors={"note": [message]})
    return ReadingData(read_on=on, values=registers(REGISTERS), kind=kind, note=note)


def _row_context(lines: Any) -> dict[str, Any]:
    actor, now = current_actor(), clock.now()
    customers = lines_of({line.meter.customer_id for line in lines})
    shown = {one.id: one for one in shown_lines(customers.values(), actor=actor, now=now)}
    return {
        "shown": shown,
        "energy": {line.meter.id: energy(line) for line in lines if isinstance(line, ReadingLine)},
        "kinds": [(kind, labels.label(labels.READING, kind)) for kind in KINDS],
        "register_name": {one.code: localized(one.name, one.name_en) for one in codes("register")},
    }


def _round(code: str) -> SegmentView:
    found = segment(code, paths=_paths())
    if found is None:
        abort(404, description=_("There is no such reading segment."))
    return found


def _day() -> date:
    return day("day") or clock.now().astimezone(LOCAL).date()


def _paths() -> list[str]:
    return authority.paths(current_actor(), ENTER, now=clock.now())
