"""Tariffs, bills, payments, arrears and late fees: what a customer owes and why.

A bill is computed by a pure function (`computing`) from readings and a tariff that is data (`rules`,
`tariffs/*.yaml`); each step of the computation is kept as a line that a person can read. No price,
tier or rate stands in code.
"""

from __future__ import annotations

from flask import Flask

from app.billing import bindings, cli, closing, importing, models, trail_titles, views
from app.identity import moves

__all__ = ["bindings", "models"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    views.init_app(app)
    trail_titles.register()
    importing.register()
    closing.register()
    app.cli.add_command(cli.tariffs)
    for model in (models.Bill, models.Payment, models.BillingRun, models.CutOffNotice):
        moves.follow(model.unit_path)
