"""The list of orders."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.identity import authority
from app.identity import queries as people
from app.identity.session import current_actor
from app.kernel import clock
from app.kernel.i18n import localized
from app.web.access import requires
from app.workorders.labels import COLOUR, STATUS, stage_label, status_label
from app.workorders.queries import Filters, list_orders
from app.workorders.queries.scope import READ, masked
from app.workorders.queries.tree import kinds
from app.workorders.views.blueprint import blueprint
from app.workorders.views.inputs import day_after, instant, number, same_page, text


@blueprint.get("/orders")
@requires("order.read")
def orders() -> ResponseReturnValue:
    """Orders I may see: by number, phone, address or account, by unit, state and period."""
    now, actor = clock.now(), current_actor()
    paths = authority.paths(actor, READ, now=now)
    units = people.subtree(paths, at=now)
    chosen = next((unit.path for unit in units if unit.code == text("unit")), "")
    filters = Filters(
        text=text("q"),
        state=text("state") if "state" in request.args else "open",
        unit_path=chosen,
        since=instant("since"),
        until=day_after("until"),
        overdue=bool(text("overdue")),
        supervised=bool(text("supervised")),
        category=text("category"),
    )
    page = list_orders(filters, paths=paths, now=now, after=number("after"))
    return render_template(
        "workorders/orders.html",
        rows=[(row, masked(row.order, actor=actor, now=now)) for row in page.rows],
        next_url=same_page(after=page.after) if page.after else None,
        first_url=same_page() if text("after") else None,
        units=units,
        unit_names={unit.code: localized(unit.name, unit.name_en) for unit in units},
        filters=filters,
        chosen_unit=text("unit"),
        since=text("since"),
        until=text("until"),
        kinds=[(each.code, localized(each.name, each.name_en)) for each in kinds()],
        states=STATUS,
        status_label=status_label,
        stage_label=stage_label,
        colour=COLOUR,
    )
