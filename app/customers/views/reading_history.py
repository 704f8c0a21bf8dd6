"""All readings of a customer, the newest first."""

from __future__ import annotations

from datetime import date

from flask import render_template
from flask.typing import ResponseReturnValue

from app.customers import page_labels as labels
from app.customers.queries.codes import codes
from app.customers.queries.reading_history import past_readings
from app.customers.views.blueprint import blueprint
from app.customers.views.page import noted_view
from app.customers.views.page_names import quantity
from app.kernel.i18n import localized
from app.web.access import requires
from app.web.inputs import day, same_page, text
from app.web.inputs import number as whole


@blueprint.get("/customers/<number>/readings")
@requires("customer.view")
def reading_history(number: str) -> ResponseReturnValue:
    """A page of readings; `before` (day) and `last` (id) say where the page before ended."""
    view = noted_view(number)
    begin = _begin()
    rows, more = past_readings(view.id, before=begin)
    following = {"before": rows[-1].read_on.isoformat(), "last": rows[-1].id} if more else None
    return render_template(
        "customers/readings.html",
        c=view,
        rows=rows,
        l=labels,
        quantity=quantity,
        register_name={one.code: localized(one.name, one.name_en) for one in codes("register")},
        source_name={one.code: localized(one.name, one.name_en) for one in codes("source")},
        next_url=same_page(**following) if following else None,
        first_url=same_page(before="", last="") if text("before") else None,
    )


def _begin() -> tuple[date, int] | None:
    on, last = day("before"), whole("last")
    return (on, last) if on is not None and last is not None else None
