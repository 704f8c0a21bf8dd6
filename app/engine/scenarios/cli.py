"""`flask definitions test`: play the scenarios and show what they reached."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click
import orjson
from flask import current_app
from flask_babel import gettext as _

from app.engine.scenarios.coverage import Coverage, Covered
from app.engine.scenarios.loading import BadScenarioFile
from app.engine.scenarios.outcome import Outcome
from app.engine.scenarios.session import opened, read_all
from app.kernel.settings import current

SHOWN = 20
"""Unreached elements printed of one process; `--json` has all."""


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--min-coverage", default=0.0, help="Fail where a process reached less than so many percent.")
def test_command(paths: tuple[Path, ...], as_json: bool, min_coverage: float) -> None:
    """Play scenarios (those of bpmn/ by default) on a database of their own."""
    settings = current()
    chosen = paths or (settings.bpmn_dir,)
    try:
        files = read_all(chosen)
    except BadScenarioFile as error:
        _refuse(error, as_json)
    outcomes: list[Outcome] = []
    with opened(current_app.extensions["lightline.create_app"], settings, chosen) as session:
        for file in files:
            for outcome in session.play(file):
                outcomes.append(outcome)
                _show(outcome, as_json)
    low = [one for one in session.coverage.sorted() if one.scenarios and one.percent < min_coverage]
    _summarize(session.coverage, outcomes, as_json)
    for one in low:
        click.echo(f"{one.process}: {_('coverage is only %(percent).1f %%', percent=one.percent)}", err=True)
    sys.exit(1 if low or not all(outcome.passed for outcome in outcomes) else 0)


def _refuse(error: BadScenarioFile, as_json: bool) -> None:
    for line, message in error.faults:
        if as_json:
            _print({"file": error.file, "line": line, "ok": False, "message": message})
        click.echo(f"{error.file}:{line}: {message}", err=True)
    sys.exit(1)


def _show(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        _print(dict(outcome.to_json()))
    else:
        click.echo(f"{'ok  ' if outcome.passed else 'FAIL'} {outcome.scenario.process}: {outcome.scenario.name}")
    if outcome.message:
        click.echo(outcome.message, err=True)


def _summarize(coverage: Coverage, outcomes: Iterable[Outcome], as_json: bool) -> None:
    if as_json:
        for one in coverage.sorted():
            _print({"coverage": dict(one.to_json())})
        return
    outcomes = list(outcomes)
    failed = sum(not outcome.passed for outcome in outcomes)
    click.echo(_("%(count)s scenarios, %(failed)s failed", count=len(outcomes), failed=failed))
    for one in coverage.sorted():
        click.echo(_line(one))
        for element in one.unreached[:SHOWN]:
            click.echo(f"    {element}")
        if len(one.unreached) > SHOWN:
            click.echo(f"    … {len(one.unreached) - SHOWN}")


def _line(one: Covered) -> str:
    facts = _(
        "%(percent)5.1f %%  nodes %(nodes)s, flows %(flows)s, scenarios %(scenarios)s",
        percent=one.percent,
        nodes=f"{len(one.reached_nodes)}/{len(one.nodes)}",
        flows=f"{len(one.reached_flows)}/{len(one.flows)}",
        scenarios=one.scenarios,
    )
    return f"{one.process:32} {facts}"


def _print(value: object) -> None:
    click.echo(orjson.dumps(value).decode())
