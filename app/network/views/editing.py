"""Forms of the steward: change a device, add one, end one. Checked first, then saved over what was checked."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import orjson
from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.identity import authority
from app.identity import queries as people
from app.identity.session import acting, current_actor
from app.kernel import clock, db
from app.kernel.clock import LOCAL
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.i18n import format_when, localized
from app.network import labels
from app.network.grid import UnknownDevice, current
from app.network.importing.checking import ACCEPTABLE
from app.network.importing.given import DEVICES, Given
from app.network.importing.settling import KINDS
from app.network.importing.writing import OWN
from app.network.operations import editing
from app.network.operations.editing import Edit, Looked
from app.network.queries import devices as queries
from app.network.queries.versions import edits
from app.network.views.blueprint import blueprint
from app.web.access import requires
from app.web.inputs import day, text
from app.web.redirects import go

RIGHT = "network.edit"
SHARED = ("name", "name_en", "unit_code", "phases")
TRUTH = frozenset({"infeed", "public", "protective", "remote"})
NUMBERS = frozenset({"voltage", "lat", "lon", "capacity", "load", "length"})
CODES = frozenset(
    {
        *("from_code", "to_code", "substation_code", "breaker_code", "busbar_code"),
        *("transformer_code", "parent_code", "lv_branch_code"),
    }
)
PHASES = ("ABC", "A", "B", "C", "AB", "AC", "BC")
NEEDED = {"branch": ("from_code", "to_code"), "switch": ("from_code", "to_code"), "feeder": ("breaker_code",)}
LINE = ("line_code", "line_from", "line_kind", "line_length")


@blueprint.route("/network/devices/<code>/edit", methods=["GET", "POST"])
@requires(RIGHT)
def edit_device(code: str) -> ResponseReturnValue:
    """Change a device from a day on."""
    return _asked("change", _sort(code), code)


@blueprint.route("/network/devices/<code>/end", methods=["GET", "POST"])
@requires(RIGHT)
def end_device(code: str) -> ResponseReturnValue:
    """Take a device out of the grid from a day on."""
    return _asked("end", _sort(code), code)


@blueprint.route("/network/devices/add", methods=["GET", "POST"])
@requires(RIGHT)
def add_device() -> ResponseReturnValue:
    """Add a device of a sort: between two others, or at one."""
    sort = text("sort") or "switch"
    if sort not in DEVICES:
        abort(404)
    return _asked("add", sort, text("code")[:64])


def _asked(act: str, sort: str, code: str) -> ResponseReturnValue:
    if request.method == "GET":
        sent = _fresh(sort) if act == "add" else _present(sort, code)
        return _page(act, sort, code, sent, None, {})
    edit = Edit(act=act, sort=sort, code=code, values=_values(act, sort), day=day("day"), line=_line(act, sort))
    accept = [name for name in request.form.getlist("accept") if name in ACCEPTABLE]
    errors = _missing(edit)
    if errors:
        return _page(act, sort, code, request.form, None, errors), 422
    if act != "add" and text("mark") != editing.mark_of(code):
        return _page(act, sort, code, request.form, _looked(edit, accept), {"": [_changed(code)]}), 409
    if text("step") != "save" or text("seen") != _seen(edit, accept):
        return _page(act, sort, code, request.form, _looked(edit, accept), {})
    try:
        editing.save(edit, mark=text("mark"), reason=text("reason"), accept=accept, **acting())
    except (Invalid, Conflict) as refused:
        db.session.rollback()
        errors = refused.details.get("errors") or {"": [str(refused)]}
        return _page(act, sort, code, request.form, _looked(edit, accept), errors), refused.status
    flash(_("Saved: the grid is read anew."), "success")
    return go(url_for("network.device", code=code) if _shown(code) else url_for("network.index", q=code))


def _sort(code: str) -> str:
    """The sort of a device in the reader's units; 404 for every other."""
    now = clock.now()
    try:
        sort = editing.sort_of(code)
        unit = editing.version_of(code, now.astimezone(LOCAL).date()).unit_code
    except UnknownDevice:
        abort(404)
    here = current(now)
    view = people.unit_by_code(unit, at=now) if unit else None
    path = view.path if view else here.info(code).unit_path if here.has(code) else "/"
    if not any(path.startswith(each) for each in authority.paths(current_actor(), RIGHT, now=now)):
        abort(404)
    return sort


def _changed(code: str) -> str:
    """That, and where it is known by whom, the device was changed since the form was opened."""
    last = next(iter(edits(code)), None)
    if last is None:
        return str(editing.DeviceChanged.said())
    return str(
        _(
            "%(who)s changed this device at %(when)s. Your entries are kept: compare them with what is there now.",
            who=last.by,
            when=format_when(last.at),
        )
    )


def _shown(code: str) -> bool:
    """Whether the device has a page today."""
    paths = authority.paths(current_actor(), "network.read", now=clock.now())
    try:
        queries.device_view(code, now=clock.now(), paths=paths)
    except UnknownDevice:
        return False
    return True


def _looked(edit: Edit, accept: list[str]) -> Looked | None:
    try:
        return editing.look(edit, accept=accept, **acting())
    except Forbidden:
        abort(403)


def _values(act: str, sort: str) -> dict[str, str]:
    """The texts of the form by column."""
    if act == "end":
        return {}
    return {name: text(name)[:300] for name in (*SHARED, *OWN[sort]) if name in request.form or name in TRUTH}


def _line(act: str, sort: str) -> dict[str, str]:
    if act != "add" or sort != "node" or not text("line_code"):
        return {}
    given = {name.removeprefix("line_"): text(name)[:64] for name in LINE}
    return {"code": given["code"], "from_code": given["from"], "kind": given["kind"], "length": given["length"]}


def _missing(edit: Edit) -> dict[str, list[str]]:
    needed = str(_("This is needed."))
    errors: dict[str, list[str]] = {}
    if edit.act == "end" and edit.day is None:
        errors["day"] = [needed]
    if edit.act == "add" and not edit.code:
        errors["code"] = [needed]
    for name in NEEDED.get(edit.sort, ()) if edit.act != "end" else ():
        if not edit.values.get(name):
            errors[name] = [needed]
    if text("day") and edit.day is None:
        errors["day"] = [str(_("This is no day."))]
    return errors


def _seen(edit: Edit, accept: list[str]) -> str:
    """What names the wish whose findings were shown."""
    said = [edit.act, edit.sort, edit.code, dict(edit.values), dict(edit.line), edit.day, sorted(accept)]
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:24]


def _present(sort: str, code: str) -> MultiDict[str, str]:
    record = editing.version_of(code, clock.now().astimezone(LOCAL).date())
    return MultiDict({name: _text(record, name) for name in (*SHARED, *OWN[sort])})


def _text(record: Given, name: str) -> str:
    value = getattr(record, name) if name in SHARED else record.get(name, None)
    if isinstance(value, bool):
        return "1" if value else ""
    return (
        "" if value is None else f"{value:g}" if isinstance(value, float) and name not in {"lat", "lon"} else str(value)
    )


def _fresh(sort: str) -> MultiDict[str, str]:
    """An empty form; what the page's address names is filled in."""
    start = {"phases": "ABC", "normal": "ABC", "public": "1", "kind": KINDS[sort][-1] if sort == "node" else ""}
    start["kind"] = {"switch": "LBS", "branch": "line"}.get(sort, start["kind"])
    units = _units()
    start["unit_code"] = units[0][0] if units else ""
    given = {name: text(name)[:64] for name in (*SHARED, *OWN[sort], *LINE) if text(name)}
    return MultiDict({**start, **given})


def _page(  # noqa: PLR0917 - what is asked, what was sent, what came of it
    act: str, sort: str, code: str, sent: Any, looked: Looked | None, errors: dict[str, Any]
) -> str:
    here = current(clock.now())
    title = code
    if here.has(code):
        info = here.info(code)
        title = localized(info.name, info.name_en)
    wish = Edit(act=act, sort=sort, code=code, values=_values(act, sort), day=day("day"), line=_line(act, sort))
    accept = [name for name in request.form.getlist("accept") if name in ACCEPTABLE]
    asked = [name for name in ACCEPTABLE if looked and any(_kind(each.code) == name for each in looked.findings)]
    return render_template(
        "network/edit.html",
        act=act,
        sort=sort,
        code=code,
        title=title,
        known=here.has(code) and act != "add",
        sent=sent,
        columns=[] if act == "end" else [*SHARED, *OWN[sort]],
        truth=TRUTH,
        numbers=NUMBERS,
        codes=CODES,
        needed=NEEDED.get(sort, ()),
        phases=[(each, each) for each in PHASES],
        normals=[*((each, each) for each in PHASES), ("", labels.value("normal", ""))],
        kinds=[(each, str(labels.KIND_GIVEN[each])) for each in KINDS.get(sort, ())],
        line_kinds=[(each, str(labels.KIND_GIVEN[each])) for each in ("line", "cable")],
        units=_units(sent.get("unit_code", "")),
        sorts=[(each, str(labels.ONE[each])) for each in DEVICES],
        looked=looked,
        found=[(each, labels.sentence(each.code, each.params)) for each in looked.findings] if looked else [],
        mark=looked.mark if looked else editing.mark_of(code),
        seen=_seen(wish, accept) if looked else "",
        accept=accept,
        asked=[(name, str(labels.ACCEPT[name])) for name in asked],
        errors=errors,
        today=clock.now().astimezone(LOCAL).date(),
        since=_since(act, code),
        labels=labels,
    )


def _since(act: str, code: str) -> date | None:
    """Since when the version in force is valid."""
    if act == "add":
        return None
    return editing.version_of(code, clock.now().astimezone(LOCAL).date()).valid_from


def _kind(code: str) -> str:
    return {"parallel": "loop", "left_without": "unsupplied"}.get(code, code)


def _units(own: str = "") -> list[tuple[str, str]]:
    now = clock.now()
    units = people.subtree(authority.paths(current_actor(), RIGHT, now=now), at=now)
    found = [(unit.code, f"{localized(unit.name, unit.name_en)} {unit.code}") for unit in units]
    return found if own in {code for code, _name in found} or not own else [(own, own), *found]
