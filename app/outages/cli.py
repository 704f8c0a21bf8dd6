"""`flask outages`: indices of reliability, and what they are computed from."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from typing import Any, NoReturn

import click
import orjson
from flask.cli import AppGroup

from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel import clock, db
from app.kernel.clock import LOCAL
from app.outages.indices import labels, reckoning, serving
from app.outages.indices.figures import NAMES
from app.outages.indices.lines import Line
from app.outages.indices.paper import Names
from app.outages.indices.report import Report, report
from app.outages.indices.rules import BASES, HOUSEHOLDS
from app.outages.indices.wanted import BY, Wanted

group = AppGroup("outages", help="Outages: indices of reliability.")
DAY = timedelta(days=1)
day = click.DateTime(["%Y-%m-%d"])


@group.command("indices")
@click.option("--unit", default="", help="Code of the unit, with all below it (the whole utility).")
@click.option("--since", type=day, help="First day, YYYY-MM-DD (1 January).")
@click.option("--until", type=day, help="Last day (today).")
@click.option("--basis", type=click.Choice(BASES), default=HOUSEHOLDS)
@click.option("--by", type=click.Choice(BY), default="unit")
@click.option("--feeder")
@click.option("--cause")
@click.option("--nature")
@click.option("--n", type=click.IntRange(1, 99), help="CEMI's n.")
@click.option("--more-than", is_flag=True, default=None, help="CEMI of those with more than n (2003).")
@click.option("--without-major", is_flag=True, help="Lines without major event days.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def indices(
    *, unit: str, since: datetime | None, until: datetime | None, basis: str, by: str, as_json: bool, **filters: Any
) -> None:
    """Print the indices of a unit and period, together and line by line."""
    now = clock.now()
    today = now.astimezone(LOCAL).date()
    first = since.date() if since else date(today.year, 1, 1)
    after = (until.date() if until else today) + DAY
    if first >= after:
        _fail("--since is after --until")
    units = people.subtree(at=now)
    wanted = Wanted(unit=_unit(units, unit), since=first, until=after, basis=basis, by=by, **filters)
    found = report(wanted, units, now=now)
    if as_json:
        click.echo(orjson.dumps(plain(found)).decode())
    else:
        _print(found)


@group.command("reckon")
def reckon() -> None:
    """Make the interruptions of all outages anew from the rows of who was out."""
    click.echo(f"outages: {reckoning.reckon_all()} reckoned")


@group.command("served")
def served() -> None:
    """Count the customers served now, for this month."""
    click.echo(f"feeders: {db.run(lambda: serving.count_served(now=clock.now()))} counted")


def plain(found: Report) -> dict[str, Any]:
    """A report as plain values: figures, and the sums they are quotients of."""
    wanted = found.wanted
    return {
        "unit": wanted.unit.code,
        "since": wanted.since.isoformat(),
        "until": (wanted.until - DAY).isoformat(),
        "basis": wanted.basis,
        "by": wanted.by,
        "source": found.rules.sources[wanted.basis][1],
        "momentary_minutes": found.rules.momentary[wanted.basis],
        "cemi": {"n": found.cemi[0], "more_than": found.cemi[1]},
        "total": _line(found.total),
        "without_major_event_days": _line(found.without_major),
        "lines": [{"key": line.key, **_line(line)} for line in found.lines],
        "major_event_days": [
            {
                "year": year.year,
                "t_med": year.threshold.t_med if year.threshold else None,
                "alpha": year.threshold.alpha if year.threshold else None,
                "beta": year.threshold.beta if year.threshold else None,
                "history_days": year.threshold.days if year.threshold else 0,
                "own_year": year.own,
                "days": {day.isoformat(): year.saidi[day] for day in year.days},
            }
            for year in found.major
        ],
        "still_out": found.still_out,
    }


def _line(line: Line) -> dict[str, Any]:
    counted = line.counted
    return {
        "figures": dict(line.figures),
        "served": line.served,
        "hours": line.hours,
        "outages": counted.outages,
        "interruptions": counted.interruptions,
        "customer_minutes": counted.minutes,
        "momentary": counted.momentary,
        "customers_interrupted": counted.distinct,
        "customers_often": counted.frequent,
    }


def _print(found: Report) -> None:
    names = NAMES[found.wanted.basis]
    n, more_than = found.cemi
    click.echo("\t".join(["", *(labels.short(name, n=n, more_than=more_than) for name in names), "N"]))
    name_of = Names(found).of
    for title, line in [("*", found.total), *((name_of(line), line) for line in found.lines)]:
        cells = [labels.shown(name, line.figures[name]) for name in names]
        click.echo("\t".join([title, *cells, f"{line.served:.0f}"]))


def _unit(units: list[UnitView], code: str) -> UnitView:
    found = next((unit for unit in units if not code or unit.code == code), None)
    if found is None:
        _fail(f"{code or '-'}: no such unit")
    return found


def _fail(message: str) -> NoReturn:
    click.echo(f"outages indices: {message}", err=True)
    sys.exit(1)
