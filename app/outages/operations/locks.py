"""Who re-forms the groups of a place is alone with it. A place is a feeder, or a zone of calls without one.

Whoever needs several waits for all of them before changing anything, and in one order: two who do so never wait
for each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm.exc import StaleDataError

from app.kernel import db
from app.kernel.db import session
from app.network.grid import Grid
from app.outages.models import Outage, TroubleCall
from app.outages.operations.remembered import once


def alone(feeder: str, zone: str = "") -> None:
    """Be alone with a feeder's groups, or (where it is empty) a zone's, until this transaction ends."""
    _alone({_name(feeder, zone)})


def alone_with_all(feeders: Iterable[str]) -> None:
    """Be alone with these feeders; empty ones are none."""
    alone_at(feeders=feeders)


def alone_at(*rows: Outage | TroubleCall | None, feeders: Iterable[str] = ()) -> None:
    """Be alone where these outages and calls are and with these feeders; empty ones are none."""
    there = {_name(row.feeder_code, row.zone) for row in rows if row is not None}
    _alone(there | {_name(feeder) for feeder in feeders if feeder})


def alone_with(*rows: Outage | TroubleCall | None) -> None:
    """Be alone where these outages and calls are.

    Raises StaleDataError where one changed while we waited: the owner of the transaction runs it again.
    """
    alone_at(*rows)
    _read_again([row for row in rows if row is not None])


def hold(outage: Outage, grid: Grid, *devices: str | None) -> None:
    """Be alone where this outage is and with the feeders of these devices. Raises StaleDataError as `alone_with`."""
    feeders = {grid.feeder_of(device) or grid.info(device).feeder for device in devices if device and grid.has(device)}
    alone_at(outage, feeders=feeders)
    _read_again([outage])


def _read_again(rows: Iterable[Outage | TroubleCall]) -> None:
    session.flush()
    for row in rows:
        revision = row.revision
        session.refresh(row)
        if row.revision != revision:
            raise StaleDataError(f"{row.__tablename__} {row.id} changed while we waited")


def _name(feeder: str, zone: str = "") -> str:
    return f"outages of {feeder}" if feeder else f"outages of zone {zone}"


def _alone(names: Iterable[str]) -> None:
    for name in sorted(names):
        once(("alone", name), lambda name=name: db.alone(name))  # type: ignore[misc]
