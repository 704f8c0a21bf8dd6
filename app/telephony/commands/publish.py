"""`flask ivr publish|rollback|list|sync`: putting flows into force from the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import orjson
from flask_babel import gettext as _

from app.kernel import clock, db
from app.kernel.actor import SYSTEM
from app.kernel.errors import LightlineError
from app.telephony import folder as files
from app.telephony.operations import flows, switches
from app.telephony.operations.flows import NotPublishable
from app.telephony.queries import flows as queries


@click.command("publish")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--note", default="", help="Why.")
@click.option("--whole", is_flag=True, help="The folder is everything: take out what is not in it.")
def publish_command(folder: Path | None, note: str, whole: bool) -> None:
    """Put the flows of a folder (ivr_flows/ by default) into force together, or none of them."""
    contents = files.read(folder)
    try:
        db.run(switches.sync)
        done = db.run(lambda: flows.publish(contents, note=note, whole=whole, actor=SYSTEM, now=clock.now()))
    except NotPublishable as error:
        for line in [*error.details["problems"], *error.details["failed"]]:
            click.echo(line, err=True)
        sys.exit(1)
    if done.release is None:
        click.echo(_("Everything is in force already."))
        return
    click.echo(_("release %(id)s: %(names)s", id=done.release, names=", ".join(done.changed) or "-"))


@click.command("rollback")
@click.argument("release", type=int)
@click.option("--note", default="", help="Why.")
def roll_back_command(release: int, note: str) -> None:
    """Put the versions of an earlier RELEASE into force again."""
    try:
        made = db.run(lambda: flows.roll_back(release, note=note, actor=SYSTEM, now=clock.now()))
    except LightlineError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(_("release %(id)s is in force, with the versions of %(release)s", id=made, release=release))


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_command(as_json: bool) -> None:
    """Flows with the version in force, and releases."""
    for flow in queries.flows():
        number = flow.version.number if flow.version else None
        row: dict[str, Any] = {
            "flow": flow.name,
            "version": number,
            "newest": flow.newest,
            "draft": bool(flow.draft_at),
        }
        draft = _(" (draft)") if flow.draft_at else ""
        click.echo(orjson.dumps(row).decode() if as_json else f"{flow.name:32} {number or '-'}/{flow.newest}{draft}")
    for release in queries.releases(10) if not as_json else []:
        mark = "*" if release.in_force else " "
        click.echo(f"{mark} {release.id}  {release.at:%Y-%m-%d %H:%M}  {release.by}  {release.note}")


@click.command("sync")
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=switches.STANDARD)
def sync_command(path: Path) -> None:
    """Load opening hours and notices that are not there yet."""
    click.echo(f"switches: {db.run(lambda: switches.sync(path))} changed")
