"""Customers, premises, contacts, meters and readings: who is supplied, where, and what was measured.

Master data comes from the utility's marketing system (import, REST); this package keeps it,
finds it and says where each value came from. What is owed stands in `app.billing`, orders in
`app.workorders`; they add to the customer's page through `customers.panels`.

Invariants: a customer's number never changes; an identity number is never stored, only compared
(keyed hash) and shown masked; every change of master data leaves a row in `customer_change`.
"""

from __future__ import annotations

from flask import Flask

from app.customers import bindings, cli, models, page_trail, retention, search, views
from app.customers.feed import models as feed_models
from app.customers.feed import setup as feed
from app.customers.importing import models as import_models
from app.customers.importing import setup as importing
from app.identity import moves

__all__ = ["bindings", "feed_models", "import_models", "models", "search"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    views.init_app(app)
    retention.register()
    page_trail.register()
    app.cli.add_command(cli.customers)
    moves.follow(models.Customer.unit_path)
    moves.follow(models.Premises.unit_path)
    moves.follow(models.ReadingSegment.unit_path)
    moves.follow(import_models.DataImport.unit_path)
    importing.init_app(app)
    feed.register()
