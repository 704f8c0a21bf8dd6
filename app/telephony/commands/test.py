"""`flask ivr test`: play the transcripts that stand in the flows, and show what they reach."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import orjson
from flask_babel import gettext as _

from app.telephony import folder as files
from app.telephony.ivr.problems import BadFlow
from app.telephony.ivr.transcripts.coverage import Covered, covered, play_all

SHOWN = 20
"""Unreached exits printed of one flow; `--json` has all."""


@click.command("test")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--flow", "names", multiple=True, help="Only this flow; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--min-coverage", default=0.0, help="Fail where a flow is reached to less than so many percent.")
def test_command(folder: Path | None, names: tuple[str, ...], as_json: bool, min_coverage: float) -> None:
    """Play transcripts (those of ivr_flows/ by default). Nothing is really done: all answers are stated."""
    try:
        flows = files.load(folder)
    except BadFlow as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    outcomes = play_all(flows, names or None)
    for outcome in outcomes:
        if as_json:
            _print(outcome.to_json())
        else:
            click.echo(f"{'ok  ' if outcome.passed else 'FAIL'} {outcome.flow}: {outcome.name}")
        if not outcome.passed:
            where = f"{flows[outcome.flow].file}:{outcome.flow}"
            click.echo(f"{where}: {outcome.name}, {_('step %(n)s', n=outcome.step)}: {outcome.message}", err=True)
    reached = [covered(flows, flow, outcomes) for flow in flows if not names or flow.name in names]
    _summarize(reached, len(outcomes), sum(not outcome.passed for outcome in outcomes), as_json)
    low = [one for one in reached if one.percent < min_coverage]
    for one in low:
        click.echo(f"{one.flow}: {_('coverage is only %(percent).1f %%', percent=one.percent)}", err=True)
    sys.exit(1 if low or not all(outcome.passed for outcome in outcomes) else 0)


def _summarize(reached: list[Covered], count: int, failed: int, as_json: bool) -> None:
    if as_json:
        for one in reached:
            _print({"coverage": one.to_json()})
        return
    click.echo(_("%(count)s transcripts, %(failed)s failed", count=count, failed=failed))
    for one in reached:
        facts = _(
            "%(percent)5.1f %%  nodes %(nodes)s, exits %(exits)s, transcripts %(transcripts)s",
            percent=one.percent,
            nodes=f"{len(one.nodes) - len(one.missed_nodes)}/{len(one.nodes)}",
            exits=f"{len(one.exits) - len(one.missed_exits)}/{len(one.exits)}",
            transcripts=one.transcripts,
        )
        click.echo(f"{one.flow:32} {facts}")
        missed = [*one.missed_nodes, *one.missed_exits]
        for name in missed[:SHOWN]:
            click.echo(f"    {name}")
        if len(missed) > SHOWN:
            click.echo(f"    … {len(missed) - SHOWN}")


def _print(value: Any) -> None:
    click.echo(orjson.dumps(value).decode())
