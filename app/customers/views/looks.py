"""Who looked at this customer: for data protection."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.customers import page_labels as labels
from app.customers.queries.looks import looks_at
from app.customers.queries.view import customer_row
from app.customers.views.blueprint import blueprint
from app.identity import authority
from app.identity.session import acting
from app.identity.trail_titles import TITLES
from app.web.access import requires
from app.web.inputs import number as whole
from app.web.inputs import same_page, text


@blueprint.get("/customers/<number>/looks")
@requires("customer.audit")
def customer_looks(number: str) -> ResponseReturnValue:
    """Every look, reveal and change the audit trail holds, newest first."""
    row = customer_row(number)
    authority.require(permission="customer.audit", unit_path=row.unit_path, **acting())
    found, older = looks_at(row.number, who=text("who"), before=whole("before"))
    return render_template(
        "customers/looks.html",
        number=row.number,
        looks=found,
        titles=TITLES,
        l=labels,
        who=text("who"),
        next_url=same_page(before=older) if older else None,
        first_url=same_page() if text("before") else None,
    )
