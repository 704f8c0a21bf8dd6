"""`flask ivr prompts`: render what is said, list it, name what is missing."""

from __future__ import annotations

import sys

import click
import orjson
from flask.cli import AppGroup

from app.telephony.prompts import queries
from app.telephony.prompts.operations.rendering import missing, render_some
from app.telephony.prompts.texts import lint

group = AppGroup("prompts", help="What callers hear: texts, recordings, renderings.")


@group.command("render")
def render() -> None:
    """Render every text that has no file yet."""
    made, failed = render_some()
    click.echo(f"{made} rendered, {len(failed)} failed")
    for line in failed:
        click.echo(line, err=True)
    sys.exit(bool(failed))


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_prompts(as_json: bool) -> None:
    """Every prompt with its texts and whether it is recorded, rendered or missing."""
    for row in queries.every_row():
        for said in row.said:
            if as_json:
                click.echo(orjson.dumps({"key": row.key, **said.plain()}))
            else:
                click.echo(f"{row.key}\t{said.language}\t{said.source}\t{said.text}")


@group.command("missing")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def missing_prompts(as_json: bool) -> None:
    """What is wrong with the texts, and what has no file yet; exit status 1 where a text is wrong."""
    problems = lint()
    unrendered = [] if problems else missing()
    if as_json:
        found = {"problems": [str(problem) for problem in problems], "not_rendered": unrendered}
        click.echo(orjson.dumps(found))
    else:
        for problem in problems:
            click.echo(str(problem), err=True)
        for language, key in unrendered:
            click.echo(f"{language}.yaml:{key}: not rendered")
    sys.exit(bool(problems))
