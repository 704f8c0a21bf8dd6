"""Cutting off for arrears: what is under way, and the way to begin a notice."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.billing.operations.cutting import begin_notice
from app.billing.queries import cut_offs as queries
from app.billing.queries.bills import VIEW
from app.billing.views.blueprint import blueprint
from app.billing.views.shown import words
from app.customers.masking import masked
from app.identity import authority
from app.identity import queries as people
from app.identity.session import acting
from app.kernel.i18n import localized
from app.web.access import requires
from app.web.inputs import number, same_page, text


@blueprint.get("/cut-offs")
@requires("bill.view")
def cut_offs() -> ResponseReturnValue:
    """Notices under way, or all."""
    who = acting()
    paths = authority.paths(who["actor"], VIEW, now=who["now"])
    every = bool(text("all"))
    rows = queries.notices(paths=paths, only_open=not every, before=number("before"))
    units = people.subtree(paths, at=who["now"])
    whole = tuple(authority.paths(who["actor"], "customer.sensitive", now=who["now"]))
    return render_template(
        "billing/cut_offs.html",
        rows=rows,
        names={
            row.number: row.name if row.unit_path.startswith(whole) else masked(row.name, "surname") for row in rows
        },
        every=every,
        next_url=same_page(before=rows[-1].id) if len(rows) == queries.PAGE else None,
        unit_names={unit.code: localized(unit.name, unit.name_en) for unit in units},
        **words(),
    )


@blueprint.post("/cut-offs")
@requires("bill.issue")
def begin_cut_off() -> ResponseReturnValue:
    """Begin the notice of cutting a customer off."""
    made = begin_notice(text("customer"), **acting())
    flash(_("Notice %(number)s is begun: its task stands in the inbox of billing.", number=made), "success")
    return redirect(url_for("billing.cut_offs", all=1))
