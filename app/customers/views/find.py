"""The page on which a customer is found: one box, answers while one types."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.customers import page_labels as labels
from app.customers.queries.search import LIMIT, search
from app.customers.queries.shown import shown_lines
from app.customers.queries.view import VIEW
from app.customers.views.blueprint import blueprint
from app.identity import authority
from app.identity import queries as people
from app.identity.session import current_actor
from app.kernel import clock
from app.kernel.i18n import localized
from app.web.access import requires
from app.web.inputs import text

FOUND_BY = {
    "number": _l("customer number"),
    "number_beginning": _l("customer number"),
    "meter": _l("meter"),
    "meter_beginning": _l("meter"),
    "phone": _l("phone"),
    "phone_end": _l("phone"),
    "query_code": _l("query code"),
    "name": _l("name"),
    "words": _l("name or address"),
}


@blueprint.get("/customers")
@requires(VIEW)
def find() -> ResponseReturnValue:
    """Customers of my units by number, meter, phone, name or address."""
    actor, now, typed = current_actor(), clock.now(), text("q")
    found = search(typed, paths=authority.paths(actor, VIEW, now=now)) if typed else []
    units = people.units_by_code({line.unit_code for line in found}, at=now)
    return render_template(
        "customers/find.html",
        typed=typed,
        found=shown_lines(found, actor=actor, now=now),
        full=len(found) >= LIMIT,
        unit={code: localized(unit.name, unit.name_en) for code, unit in units.items()},
        found_by=FOUND_BY,
        l=labels,
        may_add=authority.may(actor, "customer.edit", unit_path=None, now=now),
    )
