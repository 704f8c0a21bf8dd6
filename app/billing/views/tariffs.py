"""Tariffs to read: prices, tiers, levies, and since when each version holds."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.billing.queries.rules import house_on
from app.billing.queries.tariffs import tariff_list, tariff_versions
from app.billing.views.blueprint import blueprint
from app.billing.views.shown import words
from app.kernel import clock
from app.kernel.clock import LOCAL
from app.web.access import requires


@blueprint.get("/tariffs")
@requires("bill.view")
def tariffs() -> ResponseReturnValue:
    """Every tariff in force."""
    today = clock.now().astimezone(LOCAL).date()
    return render_template("billing/tariffs.html", rows=tariff_list(today), **words())


@blueprint.get("/tariffs/<code>")
@requires("bill.view")
def tariff(code: str) -> ResponseReturnValue:
    """One tariff with all its versions."""
    today = clock.now().astimezone(LOCAL).date()
    versions = tariff_versions(code, today)
    late = house_on(today).late_fee
    return render_template("billing/tariff.html", code=code, versions=versions, late=late, **words())
