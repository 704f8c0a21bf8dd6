"""`flask ivr lint`: what is wrong with the flows of a folder."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import click
import orjson
from flask_babel import gettext as _

from app.kernel import settings
from app.telephony import folder as files
from app.telephony.ivr.linting import lint
from app.telephony.ivr.loading import load_set
from app.telephony.ivr.problems import BadFlow, Problem
from app.telephony.known import known


@click.command("lint")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
@click.option("--strict", is_flag=True, help="Warnings fail too.")
def lint_command(folder: Path | None, as_json: bool, strict: bool) -> None:
    """Check flows (those of ivr_flows/ by default): each file, where exits lead, what names mean, endless loops."""
    folder = folder or settings.current().ivr_dir
    contents = files.read(folder)
    try:
        problems = lint(load_set(contents), known(folder, database=False))
    except BadFlow as error:
        problems = list(error.problems)
    failed = any(problem.severity == "error" or strict for problem in problems)
    if as_json:
        _as_json([*contents], problems)
    for problem in problems:
        click.echo(f"{problem}{'' if problem.severity == 'error' else _(' (warning)')}", err=True)
    if not as_json:
        click.echo(_("%(files)s flow files, %(problems)s problems", files=len(contents), problems=len(problems)))
    sys.exit(1 if failed else 0)


def _as_json(names: list[str], problems: list[Problem]) -> None:
    by_file: dict[str, list[Problem]] = defaultdict(list, {name: [] for name in names})
    for problem in problems:
        by_file[problem.file].append(problem)
    for name, found in by_file.items():
        ok = all(problem.severity != "error" for problem in found)
        click.echo(orjson.dumps({"file": name, "ok": ok, "problems": [one.to_json() for one in found]}).decode())
