"""Make, change and close a customer by hand: for those who keep the data."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.customers.operations import closing, customers
from app.customers.operations.contacts import ContactData, set_contacts
from app.customers.operations.customers import Stale
from app.customers.operations.history import EDIT, Origin
from app.customers.queries.codes import codes
from app.customers.queries.view import CustomerView, customer_view
from app.customers.views.blueprint import blueprint
from app.identity import authority
from app.identity import queries as people
from app.identity.session import acting, current_actor
from app.kernel import clock, db
from app.kernel.clock import LOCAL
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import localized
from app.web.access import requires
from app.web.inputs import day, number, text

LISTS = ("kind", "category", "industry", "voltage", "load_nature", "importance", "area", "contact_role")
TEXTS = (
    *("name", "address", "unit", "kind", "category", "industry", "voltage", "load_nature", "importance"),
    *("segment_code", "tariff_code", "area", "transformer_code", "line_code", "meter_box", "credit_code", "query_code"),
)
FROM_VIEW = frozenset(TEXTS) - {"unit", "query_code"}
CAPACITIES = ("contract_capacity", "running_capacity")
CONTACT = ("name", "role", "phone", "email", "note")
ROWS = 4
"""Contacts that the form has room for beyond those there are."""


@blueprint.route("/customers/new", methods=["GET", "POST"])
@requires(EDIT)
def new_customer() -> ResponseReturnValue:
    """Make a customer."""
    if request.method == "GET":
        return _page(None, {"kind": "lv_resident", "importance": "none", "area": "urban"}, {})
    return _keep(None)


@blueprint.route("/customers/<number>/edit", methods=["GET", "POST"])
@requires(EDIT)
def edit_customer(number: str) -> ResponseReturnValue:
    """Change a customer and their contacts."""
    view = customer_view(number, right=EDIT, **acting())
    return _page(view, _values(view), {}) if request.method == "GET" else _keep(view)


@blueprint.post("/customers/<number>/close")
@requires(EDIT)
def close_customer(number: str) -> ResponseReturnValue:
    """Close the account (销户)."""
    on = day("closed_on") or clock.now().astimezone(LOCAL).date()
    try:
        closing.close(number, on=on, reason=text("reason")[:200], origin=_origin())
    except Conflict as refused:
        db.session.rollback()
        flash(str(refused), "error")
        return redirect(url_for("customers.edit_customer", number=number))
    flash(_("The account is closed."), "success")
    return redirect(url_for("customers.customer", number=number))


def _keep(view: CustomerView | None) -> ResponseReturnValue:
    name = view.number if view else text("number")
    try:
        given = _given()
        if view is None:
            customers.create(name, given, origin=_origin())
        else:
            customers.update(name, given, expected=number("revision"), origin=_origin())
        if view is None or not {"contact", "phone"} & view.hidden:
            set_contacts(name, _contacts(), origin=_origin())
    except (Invalid, Conflict, Stale) as refused:
        db.session.rollback()
        errors = refused.details.get("errors") or {"": [str(refused)]}
        return _page(view, request.form, errors), refused.status
    flash(_("The customer is saved."), "success")
    return redirect(url_for("customers.customer", number=name))


def _given() -> dict[str, Any]:
    """The values of the form; a field that is not there (masked to this person) stays as it is."""
    given: dict[str, Any] = {name: text(name) for name in TEXTS if name in request.form}
    for name in CAPACITIES:
        if name in request.form:
            given[name] = _kva(name)
    if "opened_on" in request.form:
        given["opened_on"] = day("opened_on")
    if text("identity"):
        given["identity"] = text("identity")
    return given


def _kva(name: str) -> Decimal | None:
    try:
        value = Decimal(text(name)) if text(name) else None
    except InvalidOperation:
        value = Decimal("NaN")
    if value is not None and not value.is_finite():
        message = _l("This is no capacity in kVA.")
        raise Invalid(message, errors={name: [message]})
    return round(value, 2) if value is not None else None


def _contacts() -> list[ContactData]:
    """The rows of the form that hold anything."""
    rows = []
    for place in range(min(number("contact_rows") or 0, 40)):
        given = {name: text(f"contact_{place}_{name}") for name in ("name", "phone", "email", "note")}
        if any(given.values()):
            preferred = text("preferred_contact") == str(place)
            rows.append(ContactData(**given, role=text(f"contact_{place}_role") or "contact", preferred=preferred))
    return rows


def _values(view: CustomerView) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(view, name) for name in FROM_VIEW}
    values |= {"unit": view.unit_code, "opened_on": view.opened_on.isoformat() if view.opened_on else ""}
    values |= {name: getattr(view, name) if getattr(view, name) is not None else "" for name in CAPACITIES}
    for place, contact in enumerate(view.contacts):
        values |= {f"contact_{place}_{name}": getattr(contact, name) for name in CONTACT}
        if contact.preferred:
            values["preferred_contact"] = str(place)
    return values


def _page(view: CustomerView | None, values: Any, errors: dict[str, Any]) -> str:
    paths = authority.paths(current_actor(), EDIT, now=clock.now())
    rows = (len(view.contacts) if view else 0) + ROWS
    return render_template(
        "customers/edit.html",
        c=view,
        values=values,
        errors={name: [str(message) for message in messages] for name, messages in errors.items()},
        options={kind: [(one.code, localized(one.name, one.name_en)) for one in codes(kind)] for kind in LISTS},
        units=people.subtree(paths, at=clock.now()),
        rows=rows,
        hidden=view.hidden if view else frozenset(),
    )


def _origin() -> Origin:
    return Origin(current_actor(), clock.now())
