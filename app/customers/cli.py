"""`flask customers …`: code lists, imports and demo data of customers."""

from __future__ import annotations

from flask.cli import AppGroup

customers = AppGroup("customers", help="Customers: code lists, imports, demo data.")
