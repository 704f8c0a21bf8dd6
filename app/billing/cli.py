"""`flask tariffs sync|lint`: load tariffs from files, or say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import click
import orjson
from flask.cli import AppGroup

from app.billing import operations
from app.billing.rules.files import SEED, read_folder
from app.billing.rules.schema import InvalidRules
from app.kernel import clock, db
from app.kernel.actor import SYSTEM
from app.kernel.errors import LightlineError

tariffs = AppGroup("tariffs", help="Tariffs and the rules of billing.")
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@tariffs.command("sync")
@click.option("--folder", type=FOLDER, default=SEED, help="Where the YAML files are.")
@click.option("--json", "as_json", is_flag=True)
def sync(folder: Path, as_json: bool) -> None:
    """Load all tariffs and rules of a folder; running it again changes nothing."""
    try:
        found = db.run(lambda: operations.sync(actor=SYSTEM, now=clock.now(), folder=folder))
    except InvalidRules as error:
        for problem in error.details["errors"].get("files", [str(error)]):
            click.echo(problem, err=True)
        raise SystemExit(1) from error
    except LightlineError as error:
        raise click.ClickException(str(error)) from error
    counts = {"added": found.added, "changed": found.changed}
    click.echo(orjson.dumps(counts) if as_json else f"tariffs: {found.added} added, {found.changed} changed")


@tariffs.command("lint")
@click.option("--folder", type=FOLDER, default=SEED, help="Where the YAML files are.")
@click.option("--json", "as_json", is_flag=True)
def lint(folder: Path, as_json: bool) -> None:
    """Say what is wrong with the files of a folder, by file and place; exit status 1 where anything is."""
    contents = read_folder(folder)
    if as_json:
        codes = sorted({entry.code for entry in contents.tariffs})
        click.echo(orjson.dumps({"ok": not contents.problems, "problems": contents.problems, "tariffs": codes}))
    for problem in () if as_json else contents.problems:
        click.echo(problem, err=True)
    if contents.problems:
        raise SystemExit(1)
    if not as_json:
        click.echo(f"{len(contents.tariffs)} versions of tariffs, {len(contents.rules)} of rules: no mistakes")
