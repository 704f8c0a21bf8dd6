"""The grid's first page, one device, its one-line diagram, operating a switch, data of the map."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import abort, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import authority
from app.identity.session import acting, current_actor
from app.kernel import clock
from app.kernel.clock import LOCAL
from app.kernel.i18n import localized
from app.network import labels
from app.network.grid import UnknownDevice, current
from app.network.operations import InvalidSwitching, switch
from app.network.operations.editing import version_of
from app.network.queries import devices as queries
from app.network.queries import map_of, one_line
from app.network.queries.effects import Effect, effect_of
from app.network.queries.versions import edits, versions
from app.network.versions import TOPIC
from app.network.views.blueprint import blueprint
from app.web.access import requires
from app.web.inputs import text
from app.web.redirects import go

READ, SWITCH = "network.read", "network.switch"
DETAILS = (
    *("voltage", "capacity", "load", "length", "from_code", "to_code", "transformer_code", "parent_code"),
    *("lv_branch_code", "address"),
)


@blueprint.get("/network")
@requires(READ)
def index() -> ResponseReturnValue:
    """Search, substations and feeders, switches that stand otherwise than usual, the latest operations."""
    now, paths = clock.now(), _paths()
    typed = text("q")[:100]
    return render_template(
        "network/index.html",
        typed=typed,
        found=queries.search(typed, now=now, paths=paths) if typed else None,
        tree=queries.tree(now=now, paths=paths),
        unusual=queries.unusual(now=now, paths=paths),
        latest=queries.latest(now=now, paths=paths),
        topic=TOPIC,
        may_edit=authority.may(current_actor(), "network.edit", unit_path=None, now=now),
        **_words(),
    )


@blueprint.get("/network/devices/<code>")
@requires(READ)
def device(code: str) -> ResponseReturnValue:
    """One device."""
    return _page(code, {})


@blueprint.get("/network/feeders/<code>/diagram")
@requires(READ)
def diagram(code: str) -> ResponseReturnValue:
    """The one-line diagram of a feeder, a piece of a page."""
    _view(code)
    return render_template("network/_one_line.html", drawn=_drawn(code), chosen=text("chosen"), labels=labels)


@blueprint.post("/network/devices/<code>/switch")
@requires(SWITCH)
def operate(code: str) -> ResponseReturnValue:
    """Record that a switch was opened or closed."""
    _view(code)
    state = text("state")
    phases = "".join(request.form.getlist("phases"))[:3] or "ABC"
    try:
        done = switch(code, state, phases, reason=text("reason"), **acting())
    except InvalidSwitching as refused:
        return _page(code, {str(refused.details.get("field", "")): [str(refused)]}), 422
    if done.changed:
        flash(_("Recorded: the supply of the grid is traced anew."), "success")
    else:
        flash(_("The switch stood so already; the operation is in the history."), "info")
    return go(url_for("network.device", code=code))


@blueprint.get("/network/map.json")
@requires(READ)
def map_data() -> ResponseReturnValue:
    """Points and lines within `bounds=south,west,north,east`, or of `feeder` (several)."""
    feeders = request.args.getlist("feeder")[:50]
    where: Any = feeders or _bounds(text("bounds"))
    if not where:
        abort(400)
    return jsonify(asdict(map_of(where, clock.now(), paths=_paths())))


def _page(code: str, errors: dict[str, Any]) -> str:
    now = clock.now()
    view = _view(code)
    feeder = view.feeder_now or view.device.feeder
    shown = next((code for code in (feeder, view.device.feeder) if code and _seen(code)), "")
    return render_template(
        "network/device.html",
        view=view,
        drawn=_drawn(shown) if shown else None,
        drawn_name=_name(shown) if shown else "",
        feeder=feeder,
        title=localized(view.device.name, view.device.name_en),
        feeder_name=_name(feeder) if feeder else "",
        substation_name=_name(view.device.substation) if view.device.substation else "",
        own_feeder_name=_name(view.device.feeder) if view.device.feeder else "",
        is_switch=bool(view.position),
        may_edit=authority.may(current_actor(), "network.edit", unit_path=view.device.unit_path, now=now),
        versions=versions(code, now.astimezone(LOCAL).date()),
        edits=edits(code),
        may_switch=authority.may(current_actor(), SWITCH, unit_path=view.device.unit_path, now=now),
        effect=_effect(view),
        details=_details(code),
        errors=errors,
        sent=request.form,
        topic=TOPIC,
        **_words(),
    )


def _effect(view: queries.DeviceView) -> Effect | None:
    """What the operation offered on a switch's page would do."""
    if not view.position:
        return None
    phases = "" if view.position == "closed" else "ABC"
    return effect_of(current(clock.now()), view.device.code, phases, _paths())


def _details(code: str) -> list[tuple[str, str]]:
    """What the register says of a device beside what its supply tells."""
    record = version_of(code, clock.now().astimezone(LOCAL).date())
    names = [name for name in DETAILS if record.get(name, None) not in (None, "")]
    found = [(str(labels.COLUMN[name]), labels.value(name, record.get(name))) for name in names]
    if record.get("kind") == "distribution_transformer":
        found.append((str(labels.COLUMN["public"]), labels.value("public", record.get("public"))))
    return found


def _view(code: str) -> queries.DeviceView:
    try:
        return queries.device_view(code, now=clock.now(), paths=_paths())
    except UnknownDevice:
        abort(404)


def _seen(code: str) -> bool:
    """Whether the reader may look at a feeder: one that supplies their devices may be another unit's."""
    here = current(clock.now())
    return here.has(code) and here.info(code).unit_path.startswith(tuple(_paths()))


def _drawn(feeder: str) -> Any:
    try:
        return one_line(feeder, clock.now())
    except UnknownDevice:
        return None


def _name(code: str) -> str:
    here = current(clock.now())
    for group in (*here.feeders, *here.substations):
        if group.code == code:
            return localized(group.name, group.name_en)
    return code


def _paths() -> list[str]:
    return authority.paths(current_actor(), READ, now=clock.now())


def _bounds(given: str) -> tuple[float, ...] | None:
    try:
        found = tuple(float(part) for part in given.split(","))
    except ValueError:
        return None
    return found if len(found) == 4 else None


def _words() -> dict[str, Any]:
    return {"labels": labels, "localized": localized}
