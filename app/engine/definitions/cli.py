"""`flask definitions lint|deploy|list`: definitions from the command line, for people and machines."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click
import orjson
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from app.engine.definitions import queries
from app.engine.definitions.deploy import deploy
from app.engine.definitions.drafts import KINDS
from app.engine.definitions.lint import Context, lint
from app.engine.definitions.problems import Problem, Refused, errors_of
from app.engine.definitions.views import DefinitionView, Deployment
from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.db import run
from app.kernel.settings import current

definitions = AppGroup("definitions", help="Processes, decision tables and forms.")

paths_argument = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
any_paths_argument = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


def read_files(paths: Iterable[Path]) -> dict[str, bytes]:
    """Definition files by path; folders are walked, other files given by name are kept to be refused."""
    found: dict[str, bytes] = {}
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and (not path.is_dir() or file.suffix.lower() in KINDS):
                found[str(file)] = file.read_bytes()
    return found


def unread(paths: Iterable[Path]) -> list[Problem]:
    """Names that are no files: nothing there, a broken link, a pipe."""
    message = _("There is no such file, or it is not an ordinary one.")
    return [Problem(str(path), "", "unreadable", "error", message) for path in paths if not _is_there(path)]


def _is_there(path: Path) -> bool:
    try:
        return path.is_file() or path.is_dir()
    except OSError:
        return False  # a name too long, a link that leads to itself


@definitions.command("lint")
@any_paths_argument
@json_option
def lint_command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Check files and folders; what a diagram names may be in any of them or deployed already."""
    missing = unread(paths)
    files = read_files(path for path in paths if _is_there(path))
    deployed = [f"{view.kind}:{view.key}" for view in _deployed()]
    context = Context.of({**_beside(files), **files}, known=deployed)
    checked = {name: lint(name, content, context=context) for name, content in files.items()}
    checked |= {problem.file: [problem] for problem in missing}
    failed = False
    for name, problems in checked.items():
        failed |= bool(errors_of(problems))
        if as_json:
            _print({"file": name, "ok": not errors_of(problems), "problems": [_brief(found) for found in problems]})
        else:
            _complain(problems)
    sys.exit(1 if failed else 0)


@definitions.command("deploy")
@paths_argument
@json_option
def deploy_command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Deploy files and folders together, all or nothing."""
    files = read_files(paths)
    try:
        result: Deployment = run(lambda: deploy(files, actor=SYSTEM, now=clock.now()))
    except Refused as refused:
        _complain(refused.problems)
        sys.exit(1)
    if as_json:
        _print(asdict(result))
        return
    for view in result.deployed:
        click.echo(f"{view.kind} {view.key} {view.version}")
    click.echo(_("%(new)s new, %(same)s unchanged", new=len(result.deployed), same=len(result.unchanged)))


@definitions.command("list")
@click.option("--all", "all_versions", is_flag=True, help="Every version, not only the newest.")
@json_option
def list_command(all_versions: bool, as_json: bool) -> None:
    """Show what is deployed."""
    for view in queries.list_definitions(all_versions=all_versions):
        if as_json:
            _print(asdict(view))
        else:
            click.echo(f"{view.kind} {view.key} {view.version} {view.name}")


def _deployed() -> list[DefinitionView]:
    """What is deployed; nothing where there is no database yet (a check needs none)."""
    try:
        return queries.list_definitions()
    except SQLAlchemyError:
        return []


def _beside(files: dict[str, bytes]) -> dict[str, bytes]:
    """The project's own definitions, which a file checked alone may name."""
    settings = current()
    folders = [folder for folder in (settings.bpmn_dir, settings.forms_dir) if folder.is_dir()]
    given = {Path(name).resolve() for name in files}
    return {name: data for name, data in read_files(folders).items() if Path(name).resolve() not in given}


def _brief(problem: Problem) -> dict[str, str]:
    return {
        "element": problem.element,
        "rule": problem.rule,
        "severity": problem.severity,
        "message": problem.message,
    }


def _complain(problems: Iterable[Problem]) -> None:
    for problem in problems:
        mark = "" if problem.severity == "error" else f"{_('warning')}: "
        click.echo(f"{problem.file}:{problem.element}: {mark}{problem.message}", err=True)


def _print(value: object) -> None:
    click.echo(orjson.dumps(value).decode())
