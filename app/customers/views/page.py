"""The page an agent has open while talking: who, where, contract, state, contacts; the rest loads when it is opened.

The first answer holds what every call needs and costs a few statements whatever the number of
customers; panels of other packages (`customers.panels`) come by a second request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.customers import page_labels as labels
from app.customers.operations.history import EDIT
from app.customers.operations.looks import REVEAL, ReasonMissing, note_look, record_look, reveal
from app.customers.page_rules import page_rules, reach_rules
from app.customers.panels import panels_for
from app.customers.queries.looks import looked_lately
from app.customers.queries.reach import how_to_reach
from app.customers.queries.settings import notes_of
from app.customers.queries.view import SENSITIVE, CustomerView, customer_view
from app.customers.views.blueprint import blueprint
from app.customers.views.page_names import code_names, quantity, unit_name
from app.customers.views.page_use import use_context
from app.identity import authority
from app.identity.session import acting, current_actor, current_user_id
from app.kernel import clock, db
from app.web.access import requires
from app.web.inputs import number as whole
from app.web.inputs import text
from app.web.security import limiter

TABS: dict[str, Any] = {
    "overview": _l("Overview"),
    "use": _l("Meters and use"),
    "bills": _l("Bills"),
    "orders": _l("Work orders"),
    "contacts": _l("Contacts and wishes"),
    "history": _l("History"),
}


@blueprint.get("/customers/<number>")
@requires("customer.view")
def customer(number: str) -> ResponseReturnValue:
    """One customer; the look is noted in the audit trail once in a while, with a reason where the rules ask for one."""
    view = customer_view(number, **acting())
    if not looked_lately(view.number, within=page_rules().noted_every, **acting()):
        try:
            db.run(lambda: record_look(view, **acting()))
        except ReasonMissing:
            return render_template("customers/why.html", number=number, kind=view.kind, reasons=_reasons(), error="")
    return page(view, tab=text("tab") if text("tab") in TABS else "overview")


@blueprint.post("/customers/<number>/look")
@requires("customer.view")
def look(number: str) -> ResponseReturnValue:
    """Say why one looks, and see the customer."""
    try:
        note_look(number, reason=text("reason"), note=text("note"), **acting())
    except ReasonMissing as refused:
        db.session.rollback()
        view = customer_view(number, **acting())
        page = render_template(
            "customers/why.html", number=number, kind=view.kind, reasons=_reasons(), error=str(refused)
        )
        return page, 422
    return redirect(url_for("customers.customer", number=number))


@blueprint.get("/customers/<number>/panels")
@requires("customer.view")
def customer_panels(number: str) -> ResponseReturnValue:
    """What follows on the first tab: notes, and what other packages show."""
    view = noted_view(number)
    notes = notes_of(view.id, limit=3)
    panels = _panels(view, "overview")
    return render_template("customers/_overview_panels.html", c=view, notes=notes, panels=panels, links=_links(view))


@blueprint.post("/customers/<number>/reveal/<field>")
@requires("customer.reveal")
@limiter.limit("60/minute")
def customer_reveal(number: str, field: str) -> ResponseReturnValue:
    """One masked value whole; who asked for it is noted."""
    value = reveal(number, field, contact_id=whole("contact"), **acting())
    return render_template("customers/_revealed.html", value=value, field=field)


def page(
    view: CustomerView, *, tab: str, errors: dict[str, Any] | None = None, values: Any = None, refused: str = ""
) -> str:
    """The whole page with one tab; `refused` names the form that comes back with `errors` and `values`."""
    context = _shown(view) | CONTENT[tab](view)
    if refused:
        context |= {"errors": errors or {}, "values": values, "refused": refused}
    panels = None if tab == "overview" else _panels(view, tab)
    return render_template("customers/customer.html", **context, tab=tab, tabs=TABS, panels=panels)


def noted_view(number: str) -> CustomerView:
    """A part of a page whose look has been noted; who comes without is sent to the page."""
    view = customer_view(number, **acting())
    if not looked_lately(view.number, within=page_rules().noted_every, **acting()):
        db.run(lambda: record_look(view, **acting()))
    return view


def _shown(view: CustomerView) -> dict[str, Any]:
    actor, now = current_actor(), clock.now()
    return {
        "c": view,
        "l": labels,
        "names": code_names(view),
        "unit": unit_name(view.unit_code, at=now),
        "quantity": quantity,
        "may_reveal": bool(view.hidden) and authority.may(actor, REVEAL, unit_path=view.unit_path, now=now),
        "may_write": not view.hidden or authority.may(actor, SENSITIVE, unit_path=view.unit_path, now=now),
        "errors": {},
        "values": None,
        "refused": "",
    }


def _links(view: CustomerView) -> list[tuple[str, str, str]]:
    """(label, address, icon) of what this person may do with the customer's data; not asked for the first answer."""
    found = [(_("Reading history"), url_for("customers.reading_history", number=view.number), "history")]
    if authority.may(current_actor(), EDIT, unit_path=view.unit_path, now=clock.now()):
        found.append((_("Change the data"), url_for("customers.edit_customer", number=view.number), "pencil"))
        found.append((_("Install or change meters"), url_for("customers.meters", number=view.number), "gauge"))
    return found


def _overview(view: CustomerView) -> dict[str, Any]:
    return {"setting": view.setting}


def _contacts(view: CustomerView) -> dict[str, Any]:
    setting = view.setting
    channels = [(name, labels.label(labels.CHANNEL, name)) for name in reach_rules().channels]
    return {
        "setting": setting,
        "notes": notes_of(view.id),
        "reach": how_to_reach(view.id, "answer", clock.now()),
        "channel_options": channels,
        "contact_options": [(one.id, one.name) for one in view.contacts],
        "ways": ", ".join(label for name in setting.channels for key, label in channels if key == name),
    }


def _history(view: CustomerView) -> dict[str, Any]:
    may_see_looks = authority.may(current_actor(), "customer.audit", unit_path=view.unit_path, now=clock.now())
    return {"may_see_looks": may_see_looks}


def _panels(view: CustomerView, tab: str) -> list[Any]:
    return panels_for(view.id, tab=tab, user_id=current_user_id(), now=clock.now())


def _reasons() -> list[tuple[str, str]]:
    return [("", _("Choose")), *((name, labels.label(labels.REASON, name)) for name in page_rules().reasons)]


CONTENT: dict[str, Callable[[CustomerView], dict[str, Any]]] = {
    "overview": _overview,
    "use": use_context,
    "bills": lambda _view: {},
    "orders": lambda _view: {},
    "contacts": _contacts,
    "history": _history,
}
