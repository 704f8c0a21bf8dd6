"""The yearly service report of a key account as a PDF, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, render_template
from flask_babel import format_date
from flask_babel import gettext as _

from app.customers import page_labels
from app.customers.queries.use import Use
from app.customers.views.page_use import use_chart
from app.identity import queries as people
from app.identity.session import acting
from app.kernel import audit, clock, db
from app.kernel.i18n import localized
from app.keyaccounts import labels
from app.keyaccounts.days import day_of
from app.keyaccounts.queries.accounts import account_view, managers_of
from app.keyaccounts.queries.year import Year, year_of
from app.keyaccounts.views import words
from app.keyaccounts.views.blueprint import blueprint
from app.web import charts, pdf
from app.web.access import requires
from app.web.security import limiter

OLDEST = 2000


@blueprint.get("/key-accounts/<number>/report/<int:year>.pdf")
@requires("keyaccount.view")
@limiter.limit("30/minute")
def yearly_report(number: str, year: int) -> Response:
    """What we did for this customer in a year; the audit trail notes who printed it."""
    now = clock.now()
    if not OLDEST <= year <= day_of(now).year:
        abort(404)
    view = account_view(number, **acting())
    content = pdf.from_html(render_template("keyaccounts/report.html", **shown(year_of(view, year, now=now))))
    path = view.unit_path
    db.run(
        lambda: audit.record(
            "keyaccount.report",
            subject_type="key_account",
            subject_id=number,
            unit_path=path,
            details={"year": year},
            **acting(),
        )
    )
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{number}-{year}.pdf"'
    response.cache_control.private = True
    response.cache_control.no_store = True
    return response


def shown(found: Year) -> dict[str, Any]:
    """What the template writes."""
    now = clock.now()
    unit = people.unit_by_code(found.account.unit_code, at=now)
    manager = people.user_view(found.account.manager) if found.account.manager else None
    measured = any(month.days for month in (*found.months, *found.before))
    return {
        "y": found,
        "a": found.account,
        "unit": localized(unit.name, unit.name_en) if unit else found.account.unit_code,
        "manager": localized(manager.name, manager.name_en) if manager else "",
        "phone": manager.phone if manager else "",
        "managers": managers_of(found.account.id),
        "use_picture": use_chart([*found.before, *found.months]) if measured else None,
        "demand_picture": _demand_chart(found),
        "parts": Use(found.months, [], []).parts,
        "part_label": lambda part: page_labels.label(page_labels.PART, part),
        "words": words,
        "labels": labels,
        "change": _change(found),
    }


def _demand_chart(found: Year) -> Any:
    """The year's maximum demands against the contract's; none where no demand was measured."""
    rows = [
        {"category": str(format_date(month.month, "LLL")), "value": float(month.demand)}
        for month in found.months
        if month.demand is not None
    ]
    if not rows:
        return None
    level = found.account.contract_demand
    return charts.columns_against_line(
        rows,
        level=float(level) if level is not None else None,
        level_label=_("Contract maximum %(n)s kW", n=words.quantity(level)),
        unit=_("kW"),
    )


def _change(found: Year) -> str:
    before = found.energy_before
    return f"{(found.energy / before - 1) * 100:+.1f} %" if before else ""
