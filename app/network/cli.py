"""`flask network`: import and export the grid, look at what it knows."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson
from flask.cli import AppGroup

from app.identity import queries as people
from app.kernel import clock, db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import LOCAL
from app.kernel.errors import LightlineError
from app.network.exporting import write_cim, write_csv, write_workbook
from app.network.importing.checking import ACCEPTABLE
from app.network.importing.given import Finding
from app.network.importing.reading import Source
from app.network.importing.stored import stored
from app.network.labels import sentence
from app.network.operations.importing import Imported, import_grid

network_cli = AppGroup("network", help="The grid model: import and export.")


@network_cli.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", "unit_code", default="", help="Whose devices are that name no unit.")
@click.option("--prefix", default="", help="Put before every code of the form with nodes and edges.")
@click.option("--accept", multiple=True, type=click.Choice(ACCEPTABLE), help="Import although this is found.")
@click.option("--user", "username", default=None, help="On whose behalf (sign-in name); the system by default.")
@click.option("--dry-run", is_flag=True, help="Only check.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")
def import_files(  # noqa: PLR0917 - one option each
    files: tuple[Path, ...],
    unit_code: str,
    prefix: str,
    accept: tuple[str, ...],
    username: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import FILES as one grid: all of it or, where an error is found, nothing."""
    sources = [Source(path.name, path) for path in files]
    now = clock.now()
    try:
        actor = _actor(username)
        done = db.run(
            lambda: import_grid(
                sources,
                unit_code=unit_code,
                prefix=prefix,
                accept=accept,
                dry_run=dry_run,
                actor=actor,
                now=now,
            )
        )
    except LightlineError as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)
    _print(done, as_json=as_json)
    sys.exit(1 if done.state == "refused" else 0)


@network_cli.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--customers/--no-customers", default=False, help="Also which customer hangs where.")
@click.option("--all-days", is_flag=True, help="Also what is not valid today.")
def export(target: Path, customers: bool, all_days: bool) -> None:
    """Write the grid to TARGET: a workbook (.xlsx), CIM (.xml), or else a folder of CSV files."""
    grid = stored(None if all_days else clock.now().astimezone(LOCAL).date(), customers=customers)
    if target.suffix.lower() == ".xlsx":
        with target.open("wb") as stream:
            write_workbook(grid, stream)
    elif target.suffix.lower() in {".xml", ".rdf"}:
        with target.open("wb") as stream:
            write_cim(grid, stream)
    else:
        write_csv(grid, target)
    click.echo(", ".join(f"{name} {count}" for name, count in grid.counts.items()))


def _actor(username: str | None) -> Actor:
    if username is None:
        return SYSTEM
    user = people.user_view(username)
    if user is None:
        raise LightlineError(f"there is no user {username!r}")
    return Actor(kind="user", id=user.id, username=user.username, name=user.name)


def _print(done: Imported, *, as_json: bool) -> None:
    if as_json:
        found = [
            {
                "severity": each.severity,
                "reason": each.code,
                "place": each.place,
                "element": each.element,
                "message": sentence(each.code, each.params),
            }
            for each in done.findings
        ]
        head = {"id": done.id, "state": done.state, "form": done.form, "counts": dict(done.counts)}
        click.echo(orjson.dumps(head | {"findings": found}))
        return
    for each in done.findings:
        click.echo(_line(each), err=True)
    click.echo(f"{done.state}: " + ", ".join(f"{name} {count}" for name, count in done.counts.items()))


def _line(finding: Finding) -> str:
    """`file:element: message`, with the row behind."""
    file, _, row = finding.place.partition(":")
    where = f"{file}:{finding.element or row}".strip(":")
    behind = f" ({row})" if row and finding.element else ""
    mark = "" if finding.severity == "error" else "warning: "
    return f"{where}: {mark}{sentence(finding.code, finding.params)}{behind}"
