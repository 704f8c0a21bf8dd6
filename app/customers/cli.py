"""`flask customers …`: code lists, imports and demo data of customers."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.customers.operations.codes import sync_codes
from app.kernel import clock, db
from app.kernel.actor import SYSTEM

customers = AppGroup("customers", help="Customers: code lists, imports, demo data.")


@customers.command("sync")
def sync() -> None:
    """Load the code lists of standard.yaml."""
    changed = db.run(lambda: sync_codes(actor=SYSTEM, now=clock.now()))
    click.echo(f"codes: {changed} changed")
