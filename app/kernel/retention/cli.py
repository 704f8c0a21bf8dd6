"""`flask history`: what is past. `--json` for machines."""

from __future__ import annotations

import click
import orjson
from flask.cli import AppGroup

from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.i18n import localized
from app.kernel.retention import kinds, sweeping

history = AppGroup("history", help="What is past: removing what is over, counting anew.")

ALL = 1_000_000
"""Batches at most: by hand the sweep goes on until nothing is over."""


@history.command("sweep")
@click.option("--dry-run", is_flag=True, help="Say how many rows are over, and remove nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def sweep_command(dry_run: bool, as_json: bool) -> None:
    """Remove what is over by the retention rules, until nothing is left to remove."""
    now = clock.now()
    counts = sweeping.would_remove(now) if dry_run else sweeping.run(now, actor=SYSTEM, max_batches=ALL)
    if as_json:
        click.echo(orjson.dumps({"dry_run": dry_run, "counts": counts}).decode())
        return
    for name, count in counts.items():
        kind = kinds.get(name)
        click.echo(f"{name:12} {count:10}  {localized(kind.title, kind.title_en)}")
