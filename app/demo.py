"""`flask demo`: a development database brought up to date and filled so that a newcomer can look around.

Only calls what the packages offer; what demo data looks like is theirs to say.
"""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from flask_migrate import upgrade

from app.billing import demo as bills
from app.billing.fictive import add_bills
from app.customers import demo as customers
from app.customers.importing import demo as imports
from app.desk import operations as desk
from app.engine.definitions.deploy import deploy
from app.identity import demo as people
from app.identity import standard
from app.kernel import clock, db, settings
from app.kernel.actor import SYSTEM
from app.keyaccounts import demo as keyaccounts
from app.knowledge import demo as answers
from app.network import demo as network
from app.outages import demo as outages
from app.supervision import demo as supervision
from app.supervision.operations.words import sync_words
from app.telephony.shipped import publish_shipped
from app.workorders import demo as orders
from app.workorders import operations as workorders

demo_cli = AppGroup("demo", help="Demo organisation, accounts and orders.")


@demo_cli.command("prepare")
def prepare() -> None:
    """What `make run` needs before it starts: schema, definitions, demo data; says who may sign in."""
    upgrade()
    _definitions()
    _load(scale=1)
    _accounts()


@demo_cli.command("load")
@click.option("--scale", default=1, show_default=True, type=click.IntRange(1, 1000), help="How many dozens of orders.")
@click.option(
    "--customers", "count", type=click.IntRange(1, 10_000_000), help="How many customers, by default 600 a dozen."
)
def load(scale: int, count: int | None) -> None:
    """Make the demo organisation, accounts, orders and customers that are not there yet."""
    _load(scale=scale)
    _many_customers(count or customers.COUNT * scale)
    _accounts()


@demo_cli.command("accounts")
def accounts() -> None:
    """Print the accounts a visitor may use."""
    _accounts()


def _definitions() -> None:
    """Standard posts, rights and codes, and the definitions of `bpmn/` and `forms/`."""
    here = settings.current()
    files = {
        str(path.relative_to(folder.parent)): path.read_bytes()
        for folder in (here.bpmn_dir, here.forms_dir)
        for path in sorted(Path(folder).rglob("*"))
        if path.suffix in {".bpmn", ".dmn", ".form"}
    }
    db.run(lambda: standard.sync(standard.read()))
    db.run(lambda: workorders.sync_codes(actor=SYSTEM, now=clock.now()))
    db.run(lambda: sync_words(actor=SYSTEM, now=clock.now()))
    result = db.run(lambda: deploy(files, actor=SYSTEM, now=clock.now()))
    click.echo(f"definitions: {len(result.deployed)} deployed, {len(result.unchanged)} unchanged")
    click.echo(f"flows of the line: {publish_shipped(now=clock.now())} published")


def _load(*, scale: int) -> None:
    shared = people.password(settings.current())
    db.run(lambda: people.load(shared))
    made = orders.load(scale=scale)
    click.echo(f"demo orders: {made} made")
    click.echo(f"demo customers: {customers.load().customers} made")
    click.echo(f"demo grid: {network.load()} customers tied to it")
    click.echo(f"demo bills: {bills.load()} made")
    click.echo(f"demo key accounts: {keyaccounts.load()} made")
    click.echo(f"demo imports: {imports.load()} made")
    click.echo(f"demo outages: {outages.load()}")
    click.echo(f"demo articles: {answers.load()} published")
    click.echo(f"demo supervisions: {supervision.load()} issued")
    db.run(lambda: desk.sync_templates(now=clock.now()))


def _many_customers(count: int) -> None:
    """Beyond those whose bills are computed: with as many readings and plain bills, for trying out large numbers."""
    made = customers.load(count=count, follow=[add_bills])
    network.load()
    if made.customers:
        click.echo(f"customers: {made.customers} more with {made.readings} readings in {made.seconds:.0f} s")


def _accounts() -> None:
    shared = people.password(settings.current())
    click.echo("\nSign in at http://127.0.0.1:8000 as one of")
    for account in db.run(lambda: people.load(shared)):
        click.echo(f"  {account.username:<12} {account.name} {account.name_en}: {', '.join(account.posts)}")
    click.echo(f"with the password {shared}\n")
    caller = db.run(lambda: customers.give_password(settings.current()))
    if caller is not None:
        click.echo("Customers prove who they are on the line 95598 (try it on a flow's page) by a query password:")
        click.echo(f"  {caller.password} for every demo customer, such as account {caller.account_no}", nl=False)
        click.echo(f", who calls from {caller.phone}\n")


def init_app(app: Flask) -> None:
    """Add the `demo` commands."""
    app.cli.add_command(demo_cli)
