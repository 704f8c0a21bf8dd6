"""`flask customers import` and `flask customers feed`: what the pages do, for scripts and large files."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

import click
import orjson
from flask.cli import AppGroup

from app.customers.feed import operations as feed_operations
from app.customers.feed import queries as feed_queries
from app.customers.importing import find, operations, queries
from app.customers.importing.queries.profiles import by_name
from app.identity import queries as people
from app.kernel import clock, db, jobs
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import LightlineError

SHOWN = 20
PAUSE_S = 0.5
feed = AppGroup("feed", help="The outgoing feed of changes: addresses that are told.")


def _report(work: Callable[[], Any]) -> Any:
    """Do it; a refusal goes to standard error and ends with status 1."""
    try:
        return work()
    except LightlineError as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--profile", "profile_name", required=True, help="The name of an import profile.")
@click.option("--user", "username", default=None, help="On whose behalf (sign-in name); the system by default.")
@click.option("--dry-run", is_flag=True, help="Only check the rows.")
@click.option("--again", is_flag=True, help="Import a file that was imported before.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")
def import_file(  # noqa: PLR0917 - one option each
    file: Path, profile_name: str, username: str | None, dry_run: bool, again: bool, as_json: bool
) -> None:
    """Import a file by a profile: all its rows or, where one is bad, none."""
    profile = _report(lambda: _profile(profile_name))
    actor = _report(lambda: _actor(username))
    import_id = _report(lambda: db.run(lambda: _receive(file, profile, actor, dry_run=dry_run, again=again)))
    _run_jobs(import_id)
    view = queries.import_view(import_id, actor=SYSTEM, now=clock.now())
    problems, _after = queries.problems_of(import_id, limit=SHOWN)
    if dry_run and view.state == "checked":
        db.run(lambda: operations.cancel(import_id, actor=SYSTEM, now=clock.now()))
    _print(view, problems, as_json=as_json)
    sys.exit(0 if view.state in {"done", "checked"} else 1)


def _profile(name: str) -> queries.ProfileView:
    profile = by_name(name)
    if profile is None:
        raise find.ProfileNotFound(f"there is no import profile {name!r}")
    return profile


def _actor(username: str | None) -> Actor:
    if username is None:
        return SYSTEM
    user = people.user_view(username)
    if user is None:
        raise LightlineError(f"there is no user {username!r}")
    return Actor(kind="user", id=user.id, username=user.username, name=user.name)


def _receive(file: Path, profile: queries.ProfileView, actor: Actor, *, dry_run: bool, again: bool) -> int:
    now = clock.now()
    with file.open("rb") as stream:
        made = operations.receive(
            cast(BinaryIO, stream),
            file.name,
            profile_id=profile.id,
            at_once=not dry_run,
            repetition=again,
            actor=actor,
            now=now,
        )
    operations.begin_check(made.id, actor=actor, now=now)
    return made.id


def _run_jobs(import_id: int) -> None:
    """Run what is due in this process, or wait for the clock that has taken it."""
    while find.an_import(import_id).state in {"checking", "writing"}:
        session.rollback()
        if not jobs.run_due(clock.now(), 5):
            time.sleep(PAUSE_S)
        session.expire_all()


def _print(view: queries.ImportView, problems: list[queries.ProblemView], *, as_json: bool) -> None:
    names = ("id", "state", "rows", "good", "bad", "created", "changed", "same", "error", "earlier")
    if as_json:
        found = [{"line": one.line, "place": one.place, "column": one.header, "reason": one.reason} for one in problems]
        click.echo(orjson.dumps({name: getattr(view, name) for name in names} | {"problems": found}))
        return
    for one in problems:
        click.echo(f"{view.file_name}:{one.place}: {one.header}: {one.reason}", err=True)
    if view.error:
        click.echo(f"{view.file_name}: {view.error}", err=True)
    counts = ", ".join(f"{name} {getattr(view, name)}" for name in names[2:8])
    click.echo(f"import {view.id}: {view.state}; {counts}")


@feed.command("list")
def list_subscribers() -> None:
    """The addresses that changes are pushed to, and how far each is."""
    _first, last = feed_queries.span()
    for row in feed_queries.subscribers():
        state = "" if row.active else " stopped"
        click.echo(f"{row.name}: {row.url} at {row.position} of {last}{state} {row.error}".rstrip())


@feed.command("subscribe")
@click.argument("name")
@click.argument("url")
@click.option("--secret", "secret_name", required=True, help="Name of the secret: LIGHTLINE_TOKEN_<name>.")
@click.option("--subject", "subjects", multiple=True, help="Only these (customer, contact, meter, reading …).")
@click.option("--from-start", is_flag=True, help="From the first change that is kept, not from now on.")
def subscribe(name: str, url: str, secret_name: str, subjects: tuple[str, ...], from_start: bool) -> None:
    """Push changes to an address."""
    options: dict[str, Any] = {"secret_name": secret_name, "subjects": subjects, "from_start": from_start}
    now = clock.now()
    _report(lambda: db.run(lambda: feed_operations.subscribe(name, url, **options, actor=SYSTEM, now=now)))
    click.echo(f"{name}: subscribed")


@feed.command("stop")
@click.argument("name")
def stop(name: str) -> None:
    """Push no more; what is missed is made up after `start`."""
    _set_active(name, active=False)


@feed.command("start")
@click.argument("name")
def start(name: str) -> None:
    """Go on where it stopped."""
    _set_active(name, active=True)


def _set_active(name: str, *, active: bool) -> None:
    now = clock.now()
    _report(lambda: db.run(lambda: feed_operations.set_active(name, active=active, actor=SYSTEM, now=now)))
    click.echo(f"{name}: {'started' if active else 'stopped'}")
