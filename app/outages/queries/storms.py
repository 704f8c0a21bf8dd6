"""What is counted of a storm (大面积停电): now, and when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.identity.queries import prefixes
from app.kernel.db import session
from app.outages.called import Called
from app.outages.models import OVER, Outage, OutageCustomer, OutageStep, OutageStorm, TroubleCall

MOST = 200
"""Outages of a storm that its page lists."""

OUT = ("predicted", "confirmed", "assigned", "en_route", "on_site", "partially_restored")


@dataclass(frozen=True, slots=True)
class Counts:
    """An area now. `restored` are customers whose supply came back in outages still under way."""

    outages: int
    customers_out: int
    restored: int
    calls_hour: int
    without_etr: int

    def plain(self) -> dict[str, int]:
        """Plain values, to be kept."""
        return asdict(self)

    def words(self) -> dict[str, int]:
        """The variables of the diagram's forms."""
        return {
            "storm_outages": self.outages,
            "storm_customers": self.customers_out,
            "storm_restored": self.restored,
            "storm_calls": self.calls_hour,
        }


@dataclass(frozen=True, slots=True)
class StormView:
    """A storm as pages and programs read it."""

    id: int
    number: str
    unit_code: str
    unit_path: str
    name: str
    state: str
    asked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    note: str
    greeting: str
    greeting_en: str
    summary: dict[str, Any]
    instance_id: str | None
    facts: dict[str, Any]


def running_at(unit_path: str) -> int | None:
    """The id of the storm that is active at a unit: its own or one of a unit above; the nearest."""
    return session.scalar(_ACTIVE, {"paths": prefixes(unit_path)})


_ACTIVE = (
    sa.select(OutageStorm.id)
    .where(OutageStorm.unit_path.in_(sa.bindparam("paths", expanding=True)), OutageStorm.state == "active")
    .order_by(sa.func.length(OutageStorm.unit_path).desc())
    .limit(1)
)


def running_of(unit_path: str) -> StormView | None:
    """The storm proposed or active at a unit, or at one above it."""
    return _running(prefixes(unit_path), ("proposed", "active"))


def last_declined(unit_path: str) -> StormView | None:
    """The newest proposal of this unit, where nobody began it."""
    row = session.scalar(
        sa.select(OutageStorm).where(OutageStorm.unit_path == unit_path).order_by(OutageStorm.id.desc()).limit(1)
    )
    return _view(row) if row is not None and row.state == "declined" else None


def storms(paths: list[str], *, limit: int = 50) -> list[StormView]:
    """Storms under these path prefixes, the newest first."""
    within = (
        sa.or_(*(OutageStorm.unit_path.startswith(path, autoescape=True) for path in paths)) if paths else sa.false()
    )
    rows = session.scalars(sa.select(OutageStorm).where(within).order_by(OutageStorm.id.desc()).limit(limit))
    return [_view(row) for row in rows]


def storm_of(number: str) -> StormView | None:
    """The storm of this number."""
    row = session.scalar(sa.select(OutageStorm).where(OutageStorm.number == number))
    return _view(row) if row else None


def name_of(storm_id: int) -> str:
    """What a storm is called: its name, else its number; empty where there is none."""
    row = session.get(OutageStorm, storm_id)
    return (row.name or row.number) if row else ""


def under_way(paths: Sequence[str]) -> list[StormView]:
    """Storms proposed or active at units under these paths, or above them, the newest first."""
    rows = session.scalars(
        sa.select(OutageStorm).where(OutageStorm.state.in_(("proposed", "active"))).order_by(OutageStorm.id.desc())
    )
    return [_view(row) for row in rows if any(_touch(row.unit_path, path) for path in paths)]


def _touch(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck(Called):
    """An outage of a storm."""

    number: str
    status: str
    device_name: str
    device_name_en: str
    feeder_name: str
    feeder_name_en: str
    zone: str
    started_at: datetime
    restored_at: datetime | None
    etr_at: datetime | None
    etr_source: str
    customers_total: int
    customers_out: int
    important: int
    priority: int


def struck(storm_id: int, *, limit: int = MOST) -> list[Struck]:
    """The outages of a storm: those still out first, then the largest. What was joined into another is left out."""
    columns = tuple(each.name for each in fields(Struck))
    query = (
        sa.select(*(getattr(Outage, name) for name in columns))
        .where(Outage.storm_id == storm_id, Outage.status != "cancelled")
        .order_by(Outage.customers_out == 0, Outage.priority.desc(), Outage.customers_total.desc(), Outage.id)
        .limit(limit)
    )
    return [Struck(**row._mapping) for row in session.execute(query)]


def counts_of(path: str, *, now: datetime) -> Counts:
    """What is under way below a path."""
    below = Outage.unit_path.startswith(path, autoescape=True)
    row = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(Outage.customers_out), 0),
            sa.func.coalesce(sa.func.sum(Outage.customers_restored), 0),
            sa.func.coalesce(sa.func.sum(sa.case((Outage.etr_at.is_(None), 1), else_=0)), 0),
        ).where(below, Outage.nature == "unplanned", Outage.status.in_(OUT))
    ).one()
    calls = session.scalar(
        sa.select(sa.func.count())
        .select_from(TroubleCall)
        .where(
            TroubleCall.unit_path.startswith(path, autoescape=True),
            TroubleCall.received_at > now - timedelta(hours=1),
            TroubleCall.suspect.is_(False),
        )
    )
    return Counts(int(row[0]), int(row[1]), int(row[2]), int(calls or 0), int(row[3]))


def summary_of(storm: OutageStorm, *, now: datetime) -> dict[str, Any]:
    """What a storm was, once it is over: counted from its outages, steps and calls."""
    of_storm = sa.select(Outage.id).where(Outage.storm_id == storm.id)
    head = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(Outage.calls), 0),
            sa.func.coalesce(sa.func.sum(Outage.important), 0),
            sa.func.coalesce(sa.func.sum(Outage.customers_out), 0),
            sa.func.coalesce(sa.func.sum(sa.case((Outage.status.in_(OVER), 0), else_=1)), 0),
        ).where(Outage.storm_id == storm.id, Outage.kind != "non_outage", Outage.status != "cancelled")
    ).one()
    customers = session.scalar(
        sa.select(sa.func.count(OutageCustomer.customer_id.distinct())).where(OutageCustomer.outage_id.in_(of_storm))
    )
    minutes = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(OutageStep.customer_minutes), 0.0)).where(
            OutageStep.outage_id.in_(of_storm)
        )
    )
    longest = session.execute(
        sa.select(Outage.number, Outage.started_at, Outage.restored_at).where(
            Outage.storm_id == storm.id, Outage.restored_at.is_not(None)
        )
    ).all()
    spans = sorted(
        ((restored - started, number) for number, started, restored in longest if restored is not None), reverse=True
    )
    return {
        "outages": int(head[0]),
        "calls": int(head[1]),
        "important": int(head[2]),
        "customers_still_out": int(head[3]),
        "under_way": int(head[4]),
        "customers": int(customers or 0),
        "customer_minutes": round(float(minutes or 0), 1),
        "longest": spans[0][1] if spans else "",
        "longest_minutes": round(spans[0][0].total_seconds() / 60) if spans else 0,
        "minutes": round((now - storm.began_at).total_seconds() / 60) if storm.began_at else 0,
        "proposed": storm.facts,
    }


def _running(paths: list[str], states: tuple[str, ...]) -> StormView | None:
    row = session.scalar(
        sa.select(OutageStorm)
        .where(OutageStorm.unit_path.in_(paths), OutageStorm.state.in_(states))
        .order_by(sa.func.length(OutageStorm.unit_path).desc())
        .limit(1)
    )
    return _view(row) if row else None


def _view(row: OutageStorm) -> StormView:
    return StormView(**{name: getattr(row, name) for name in StormView.__dataclass_fields__})
