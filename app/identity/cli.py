"""`flask identity …` and `flask users …`: loading the standard posts, opening accounts."""

from __future__ import annotations

from pathlib import Path

import click
import orjson
from flask import Flask
from flask.cli import AppGroup

from app.identity import demo, operations, queries, standard
from app.kernel import clock, db, settings
from app.kernel.actor import SYSTEM
from app.kernel.errors import LightlineError

identity_cli = AppGroup("identity", help="Organisation, posts and rights.")
users_cli = AppGroup("users", help="Accounts.")


@identity_cli.command("sync")
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=standard.STANDARD)
@click.option("--json", "as_json", is_flag=True)
def sync(path: Path, as_json: bool) -> None:
    """Load the standard roles and posts; running it again changes nothing."""
    counts = db.run(lambda: standard.sync(standard.read(path)))
    click.echo(orjson.dumps(counts) if as_json else f"{counts['roles']} roles, {counts['posts']} posts")


@identity_cli.command("demo")
@click.option("--json", "as_json", is_flag=True)
def load_demo(as_json: bool) -> None:
    """Make the demo organisation and its accounts; running it again changes nothing."""
    try:
        shared = demo.password(settings.current())
    except demo.NoDemoHere as error:
        raise click.ClickException(str(error)) from error
    accounts = db.run(lambda: demo.load(shared))
    if as_json:
        rows = [{"username": a.username, "name": a.name, "posts": a.posts} for a in accounts]
        click.echo(orjson.dumps({"password": shared, "accounts": rows}))
        return
    for account in accounts:
        click.echo(f"{account.username:<12} {account.name}  {account.name_en:<16} {', '.join(account.posts)}")
    click.echo(f"password: {shared}")


@users_cli.command("create")
@click.argument("username")
@click.option("--name", required=True, help="The name people read.")
@click.option("--name-en", default="")
@click.option("--unit", "unit_code", help="Code of the home unit; none: looked after centrally.")
@click.option("--post", "posts", multiple=True, help="POST or POST@UNIT; several allowed. Without a unit: everywhere.")
@click.option("--phone", default="")
@click.option("--email", default="")
@click.password_option(envvar="LIGHTLINE_PASSWORD", help="Asked for; or LIGHTLINE_PASSWORD.")
@click.option("--must-change/--no-must-change", default=False, help="Ask for a new password at the first sign-in.")
@click.option("--json", "as_json", is_flag=True)
def create(
    *,
    username: str,
    name: str,
    name_en: str,
    unit_code: str | None,
    posts: tuple[str, ...],
    phone: str,
    email: str,
    password: str,
    must_change: bool,
    as_json: bool,
) -> None:
    """Open an account and appoint it to posts."""
    now = clock.now()

    def work() -> int:
        user = operations.create_user(
            username=username,
            name=name,
            name_en=name_en,
            phone=phone,
            email=email,
            unit_id=_unit(unit_code),
            password=password,
            must_change_password=must_change,
            actor=SYSTEM,
            now=now,
        )
        for entry in posts:
            post, _, code = entry.partition("@")
            operations.appoint(user.id, post=post, unit_id=_unit(code or None), actor=SYSTEM, now=now)
        return user.id

    try:
        user_id = db.run(work)
    except LightlineError as error:
        raise click.ClickException(_explain(error)) from error
    click.echo(orjson.dumps({"id": user_id, "username": username}) if as_json else f"{username} ({user_id})")


def _unit(code: str | None) -> int | None:
    if code is None:
        return None
    unit = queries.unit_by_code(code, at=clock.now())
    if unit is None:
        raise click.ClickException(f"there is no unit {code}")
    return unit.id


def _explain(error: LightlineError) -> str:
    errors = error.details.get("errors", {})
    return "; ".join([str(error), *(f"{field}: {', '.join(texts)}" for field, texts in errors.items())])


def init_app(app: Flask) -> None:
    app.cli.add_command(identity_cli)
    app.cli.add_command(users_cli)
