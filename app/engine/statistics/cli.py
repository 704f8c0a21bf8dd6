"""`flask history rebuild`: the figures of elements counted anew."""

from __future__ import annotations

import click
import orjson

from app.engine.statistics import rebuilding
from app.kernel import db


@click.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rebuild_command(as_json: bool) -> None:
    """Count the figures of elements anew from the histories; what retention removed stays counted."""
    count = db.run(rebuilding.rebuild)
    click.echo(orjson.dumps({"figures": count}).decode() if as_json else f"{count} figures counted")
