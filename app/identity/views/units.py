"""The organisation tree: browse, add, rename, move, close."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.identity import authority, operations, queries, session
from app.identity.models.organisation import AREAS, KINDS
from app.identity.queries import UnitView
from app.identity.views.blueprint import blueprint
from app.identity.views.inputs import errors_of, number, text
from app.kernel import clock
from app.kernel.errors import Invalid
from app.web.access import requires, signed_in

KIND_NAMES = {
    "province": _l("Province"),
    "city": _l("City"),
    "county": _l("County"),
    "station": _l("Supply station"),
}
AREA_NAMES = {"urban": _l("Urban"), "rural": _l("Rural"), "remote": _l("Remote")}


@blueprint.get("/units")
@signed_in
def units() -> Any:
    """The whole tree as it is now; who may change a unit sees how."""
    now = clock.now()
    tree = queries.subtree(at=now)
    return render_template(
        "identity/units.html",
        units=tree,
        manageable=_manageable(tree),
        may_add_root="/" in authority.paths(session.current_actor(), "unit.manage", now=now),
        kind_names=KIND_NAMES,
        area_names=AREA_NAMES,
    )


@blueprint.get("/units/<int:unit_id>")
@signed_in
def unit(unit_id: int) -> Any:
    """One unit: what it is, who works there, what it used to be; and the forms to change it."""
    return _page(_unit(unit_id), {})


@blueprint.route("/units/new", methods=["GET", "POST"])
@requires("unit.manage")
def new_unit() -> Any:
    """Add a unit under `parent`."""
    now, parent_id = clock.now(), number("parent")
    parent = _unit(parent_id) if parent_id is not None else None
    authority.require(session.current_actor(), "unit.manage", unit_path=parent.path if parent else "/", now=now)
    if request.method == "GET":
        return _new_page(parent, {})
    try:
        made = operations.create_unit(
            code=text("code"),
            name=text("name"),
            name_en=text("name_en"),
            kind=text("kind"),
            area=text("area") or None,
            parent_id=parent_id,
            actor=session.current_actor(),
            now=now,
        )
    except Invalid as refused:
        return _new_page(parent, errors_of(refused)), 422
    flash(_("%(name)s is added.", name=made.name), "success")
    return redirect(url_for("identity.unit", unit_id=made.id))


@blueprint.post("/units/<int:unit_id>")
@requires("unit.manage")
def edit_unit(unit_id: int) -> Any:
    """Rename a unit or change its area."""
    actor, now = session.current_actor(), clock.now()
    try:
        operations.edit_unit(
            unit_id,
            name=text("name"),
            name_en=text("name_en"),
            area=text("area") or None,
            actor=actor,
            now=now,
        )
    except Invalid as refused:
        return _page(_unit(unit_id), errors_of(refused)), 422
    flash(_("The unit is changed; what it was is kept."), "success")
    return redirect(url_for("identity.unit", unit_id=unit_id))


@blueprint.post("/units/<int:unit_id>/move")
@requires("unit.manage")
def move_unit(unit_id: int) -> Any:
    """Put a unit under another parent."""
    parent_id = number("parent")
    if parent_id is None:
        abort(400)
    operations.move_unit(unit_id, parent_id=parent_id, actor=session.current_actor(), now=clock.now())
    flash(_("The unit is moved with all under it."), "success")
    return redirect(url_for("identity.unit", unit_id=unit_id))


@blueprint.post("/units/<int:unit_id>/close")
@requires("unit.manage")
def close_unit(unit_id: int) -> Any:
    """Close a unit; the appointments in it end."""
    operations.close_unit(unit_id, actor=session.current_actor(), now=clock.now())
    flash(_("The unit is closed."), "success")
    return redirect(url_for("identity.units"))


def _unit(unit_id: int) -> UnitView:
    found = queries.unit_view(unit_id)
    if found is None:
        abort(404)
    return found


def _manageable(tree: list[UnitView]) -> set[int]:
    allowed = authority.paths(session.current_actor(), "unit.manage", now=clock.now())
    return {unit.id for unit in tree if any(unit.path.startswith(path) for path in allowed)}


def _page(shown: UnitView, errors: dict[str, Any]) -> str:
    now = clock.now()
    tree = queries.subtree(at=now)
    names = {unit.id: unit for unit in tree}
    manageable = _manageable(tree)
    parents = [
        unit
        for unit in tree
        if unit.id in manageable
        and not unit.path.startswith(shown.path)
        and KINDS.index(unit.kind) < KINDS.index(shown.kind)
    ]
    return render_template(
        "identity/unit.html",
        unit=shown,
        trail=[names[int(part)] for part in shown.path.strip("/").split("/") if int(part) in names],
        children=[unit for unit in tree if unit.parent_id == shown.id],
        staff=queries.staff_of(shown.id, at=now),
        history=queries.unit_history(shown.id),
        may_manage=shown.id in manageable,
        parents=parents,
        errors=errors,
        values=request.form if errors else {},
        kind_names=KIND_NAMES,
        area_names=AREA_NAMES,
        areas=AREAS,
    )


def _new_page(parent: UnitView | None, errors: dict[str, Any]) -> str:
    lowest = KINDS.index(parent.kind) + 1 if parent else 0
    return render_template(
        "identity/unit_new.html",
        parent=parent,
        kinds=KINDS[lowest:],
        areas=AREAS,
        errors=errors,
        values=request.form if errors else {},
        kind_names=KIND_NAMES,
        area_names=AREA_NAMES,
    )
