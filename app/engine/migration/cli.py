"""`flask definitions migrate`: running instances to another version, or a dry run that says what would happen."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import click
import orjson
from flask_babel import gettext as _

from app.engine.migration import operations
from app.engine.migration.batches import move_batch
from app.engine.migration.judgement import REFUSED, Finding
from app.engine.migration.queries import get_migration, results
from app.engine.migration.words import sentence
from app.kernel import clock, db
from app.kernel.actor import SYSTEM
from app.kernel.errors import Invalid, LightlineError

PAGE = 200


@click.command("migrate")
@click.argument("key")
@click.option("--from", "source", type=int, required=True, help="The version they run on.")
@click.option("--to", "target", type=int, required=True, help="The version they shall run on.")
@click.option("--map", "entries", multiple=True, metavar="OLD=NEW", help="An element and what it becomes.")
@click.option("--instance", "instance_ids", multiple=True, metavar="ID", help="Only these instances.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, on copies.")
@click.option("--confirm", "confirmed", is_flag=True, help="Agree to what a dry run marks as to be confirmed.")
@click.option("--reason", default="command line", show_default=True, help="Why, for the record.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def migrate_command(
    *, entries: tuple[str, ...], instance_ids: tuple[str, ...], dry_run: bool, as_json: bool, **asked: Any
) -> None:
    """Move running instances of KEY to another version; the exit status is 1 where one stays behind."""
    try:
        asked |= {"mapping": _mapping(entries), "instance_ids": list(instance_ids) or None}
        failed = _dry_run(asked, as_json) if dry_run else _migrate(asked, as_json)
    except LightlineError as refused:
        for message in refused.details.get("errors", {}).get("mapping") or [refused.message]:
            click.echo(f"{asked['key']}: {message}", err=True)
        sys.exit(1)
    sys.exit(1 if failed else 0)


def _mapping(entries: Iterable[str]) -> dict[str, str]:
    pairs = [entry.partition("=")[::2] for entry in entries]
    if wrong := [before for before, after in pairs if not before or not after]:
        message = _("Write a mapping as OLD=NEW, not %(text)s.", text=wrong[0])
        raise Invalid(message, errors={"mapping": [message]})
    return dict(pairs)


def _dry_run(asked: dict[str, Any], as_json: bool) -> bool:
    plan = {name: value for name, value in asked.items() if name not in {"confirmed", "reason"}}
    failed, after = False, None
    while found := operations.preview(**plan, after=after, limit=PAGE, now=clock.now()):
        for entry in found:
            failed |= entry.verdict == REFUSED
            _tell(asdict(entry), entry.instance_id, entry.verdict, entry.findings, as_json)
        after = found[-1].instance_id
    return failed


def _migrate(asked: dict[str, Any], as_json: bool) -> bool:
    started = db.run(lambda: operations.start_migration(**asked, actor=SYSTEM, now=clock.now()))
    while db.run(lambda: move_batch(started.id, actor=SYSTEM, now=clock.now())):
        pass
    after = None
    while found := results(started.id, after=after, limit=PAGE):
        for entry in found:
            line = asdict(entry) | {"migration": started.id}
            _tell(line, entry.instance_id, entry.state, entry.findings, as_json)
        after = found[-1].instance_id
    return bool(get_migration(started.id).counts.get("refused"))


def _tell(line: dict[str, Any], instance_id: str, state: str, findings: Iterable[Finding], as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps(line).decode())
        return
    click.echo(f"{instance_id} {state}")
    for finding in findings:
        click.echo(f"{instance_id}:{finding.element_id}: {sentence(finding)}", err=True)
