"""The list of customers in arrears, with the way to give notice of cutting off."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.billing.queries.arrears import debtors
from app.billing.queries.bills import VIEW
from app.billing.views.blueprint import blueprint
from app.billing.views.shown import words
from app.customers.masking import masked
from app.identity import authority
from app.identity import queries as people
from app.identity.session import acting
from app.kernel.clock import LOCAL
from app.kernel.i18n import localized
from app.web.access import requires
from app.web.inputs import number, same_page, text


@blueprint.get("/arrears")
@requires("bill.view")
def arrears() -> ResponseReturnValue:
    """Who owes since when, longest first."""
    who = acting()
    paths = authority.paths(who["actor"], VIEW, now=who["now"])
    units = people.subtree(paths, at=who["now"])
    chosen = next((unit.path for unit in units if unit.code == text("unit")), "")
    today = who["now"].astimezone(LOCAL).date()
    page = debtors(paths=paths, today=today, least_days=number("days") or 0, unit_path=chosen, after=text("after"))
    whole = tuple(authority.paths(who["actor"], "customer.sensitive", now=who["now"]))
    return render_template(
        "billing/arrears.html",
        rows=page.rows,
        names={
            row.number: row.name if row.unit_path.startswith(whole) else masked(row.name, "surname")
            for row in page.rows
        },
        addresses={
            row.number: row.address if row.unit_path.startswith(whole) else masked(row.address, "house")
            for row in page.rows
        },
        today=today,
        next_url=same_page(after=page.after) if page.after else None,
        first_url=same_page() if text("after") else None,
        units=units,
        unit_names={unit.code: localized(unit.name, unit.name_en) for unit in units},
        chosen_unit=text("unit"),
        days=text("days"),
        may_cut=bool(authority.paths(who["actor"], "bill.issue", now=who["now"])),
        **words(),
    )
