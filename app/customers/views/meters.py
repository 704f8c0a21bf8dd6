"""The meters of a customer: install one, put another in its place, remove it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.customers.judging import REGISTERS
from app.customers.operations import meters as operations
from app.customers.operations.history import EDIT, Origin
from app.customers.operations.meters import MeterData
from app.customers.operations.readings import Doubtful
from app.customers.queries.codes import codes
from app.customers.queries.meters import meter_lines
from app.customers.queries.view import customer_view
from app.customers.views.blueprint import blueprint
from app.customers.views.registers import registers
from app.identity.session import acting, current_actor
from app.kernel import clock, db
from app.kernel.clock import LOCAL
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import localized
from app.web.access import requires
from app.web.inputs import day, text
from app.web.inputs import number as whole


@blueprint.get("/customers/<number>/meters")
@requires(EDIT)
def meters(number: str) -> ResponseReturnValue:
    """The customer's meters, with what may be done to each."""
    return _page(number, {}, ())


@blueprint.post("/customers/<number>/meters")
@requires(EDIT)
def install_meter(number: str) -> ResponseReturnValue:
    """Install a meter."""
    return _do(number, _("The meter is installed."), lambda: operations.install(number, _data(), origin=_origin()))


@blueprint.post("/customers/<number>/meters/<int:meter_id>")
@requires(EDIT)
def change_meter(number: str, meter_id: int) -> ResponseReturnValue:
    """Remove a meter, or put another in its place."""
    if meter_id not in {meter.id for meter in meter_lines(customer_view(number, right=EDIT, **acting()).id)}:
        abort(404)
    sure = bool(text("confirmed"))
    if text("act") == "remove":
        return _do(number, _("The meter is removed."), lambda: _remove(meter_id, sure))
    return _do(number, _("The meter is changed."), lambda: _change(meter_id, sure))


def _remove(meter_id: int, sure: bool) -> object:
    old = registers(REGISTERS, "old_")
    return operations.remove(meter_id, on=_on(), registers=old, confirmed=sure, origin=_origin())


def _change(meter_id: int, sure: bool) -> object:
    old = registers(REGISTERS, "old_")
    return operations.change(meter_id, registers=old, confirmed=sure, data=_data(), origin=_origin())


def _do(number: str, done: str, work: Callable[[], object]) -> ResponseReturnValue:
    try:
        work()
    except Doubtful as doubted:
        db.session.rollback()
        return _page(number, {}, [str(one) for one in doubted.details["sentences"]]), 409
    except (Invalid, Conflict) as refused:
        db.session.rollback()
        return _page(number, refused.details.get("errors") or {"": [str(refused)]}, ()), refused.status
    flash(done, "success")
    return redirect(url_for("customers.meters", number=number))


def _data() -> MeterData:
    try:
        multiplier = Decimal(text("multiplier") or "1")
    except InvalidOperation:
        multiplier = Decimal(0)
    return MeterData(
        number=text("number"),
        installed_on=_on(),
        multiplier=multiplier if multiplier.is_finite() else Decimal(0),
        digits=whole("digits") or 0,
        kind=text("kind"),
        registers=registers(REGISTERS, "new_"),
        note=text("note")[:300],
    )


def _on() -> date:
    found = day("on")
    if found is None:
        message = _l("A day is needed.")
        raise Invalid(message, errors={"installed_on": [message]})
    return found


def _page(number: str, errors: dict[str, Any], doubts: Any) -> str:
    view = customer_view(number, right=EDIT, **acting())
    kinds = {one.code: one for one in codes("meter_kind")}
    return render_template(
        "customers/meters.html",
        c=view,
        meters=meter_lines(view.id),
        values=request.form,
        errors={name: [str(message) for message in messages] for name, messages in errors.items()},
        doubts=doubts,
        kinds=[(one.code, localized(one.name, one.name_en)) for one in kinds.values()],
        kind_name={code: localized(one.name, one.name_en) for code, one in kinds.items()},
        has={code: one.facts.get("registers", ["total"]) for code, one in kinds.items()},
        register_name={one.code: localized(one.name, one.name_en) for one in codes("register")},
        today=clock.now().astimezone(LOCAL).date().isoformat(),
    )


def _origin() -> Origin:
    return Origin(current_actor(), clock.now())
