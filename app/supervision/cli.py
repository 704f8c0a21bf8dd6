"""`flask supervision`: words and lines, the counts, monthly sheets."""

from __future__ import annotations

from datetime import date

import click
from flask.cli import AppGroup

from app.kernel import clock, db
from app.kernel.actor import SYSTEM
from app.supervision.operations import folding, monthly, rebuilding
from app.supervision.operations.words import sync_words

group = AppGroup("supervision", help="Departmental supervision: lines of business, counts, monthly sheets.")


@group.command("sync")
def sync() -> None:
    """Load the lines of business, words and bounds of standard.yaml."""
    click.echo(f"words: {db.run(lambda: sync_words(actor=SYSTEM, now=clock.now()))} changed")


@group.command("rebuild")
@click.option("--forget", is_flag=True, help="Empty the counts first: pages show less until it is done.")
def rebuild(forget: bool) -> None:
    """Count every order anew, after an import past the operations or a change of bounds."""
    now = clock.now()
    if forget:
        db.run(lambda: rebuilding.forget(now=now))
    click.echo(f"orders: {rebuilding.rebuild(now=now)} counted")


@group.command("fold")
def fold() -> None:
    """Count what is marked now, without waiting for the clock."""
    done = 0
    while folded := db.run(lambda: folding.fold(now=clock.now())):
        done += folded
    click.echo(f"orders: {done} counted")


@group.command("sheets")
@click.argument("month", type=click.DateTime(["%Y-%m"]))
def sheets(month: date) -> None:
    """Make the sheets of MONTH (YYYY-MM) again, in both languages."""
    first = date(month.year, month.month, 1)
    click.echo(f"sheets: {monthly.make_all(first, now=clock.now(), again=True)} made")
