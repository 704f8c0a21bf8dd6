"""`flask desk`: the shared reply templates."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.desk.operations import sync_templates
from app.kernel import clock, db

group = AppGroup("desk", help="The agents' desk: shared reply templates.")


@group.command("sync")
def sync() -> None:
    """Add the shared reply templates that are not there yet."""
    click.echo(f"templates: {db.run(lambda: sync_templates(now=clock.now()))} added")
