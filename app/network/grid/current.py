"""The grid in force, kept by this process and brought up to date from the database when a version moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from threading import RLock
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.kernel.clock import LOCAL
from app.kernel.db import session, table
from app.network.grid.building import Builder
from app.network.grid.customers import Customers
from app.network.grid.loading import read_again, read_customers, read_topology, states_since
from app.network.grid.model import Grid
from app.network.grid.supply import Supply
from app.network.models import CustomerMark, GridVersion

KEY = "lightline.grid"
OWN = "lightline_grid"
LATE = 200
"""A mark may be committed after one with a higher id: so many before the last seen are looked at again."""

MANY_MARKS = 5_000
"""From so many moved premises on, all customers are read again: that is one pass, and not slower."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A grid with the version it was made of; `marks` are the marks seen that late ones may come between."""

    grid: Grid
    structure: str
    state: int
    first_day: date
    until: date
    last_mark: int
    marks: frozenset[int]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the database says of its version."""

    structure: str
    state: int
    last_mark: int
    marks: int


def current(now: datetime) -> Grid:
    """The grid as it stands; `now` says which rows are valid. One short statement where nothing changed.

    Within a transaction that operates switches or changes devices its own changes are seen, by it alone.
    """
    day = now.astimezone(LOCAL).date()
    stamp = _stamp()
    own: Kept | None = session().info.get(OWN)
    if session().info.get(OWN + "_changed"):
        found = _brought_up(own or _shared().kept, stamp, day)
        session().info[OWN] = found
        return found.grid
    return _shared().up_to_date(stamp, day).grid


def changed_here() -> None:
    """From now until this transaction ends, its grid is its own: others must not see what may be rolled back."""
    session().info[OWN + "_changed"] = True


class Shared:
    """The grid of the process."""

    def __init__(self) -> None:
        self.kept: Kept | None = None
        self._lock = RLock()

    def up_to_date(self, stamp: Stamp, day: date) -> Kept:
        """Brought to this version, or left where it is newer already."""
        kept = self.kept
        if kept is not None and _serves(kept, stamp, day):
            return kept
        with self._lock:
            if self.kept is None or not _serves(self.kept, stamp, day):
                self.kept = _brought_up(self.kept, stamp, day)
            return self.kept


def _shared() -> Shared:
    found: Shared = current_app.extensions.setdefault(KEY, Shared())
    return found


def _asks_stamp() -> sa.Select[Any]:
    version, mark = table(GridVersion).c, table(CustomerMark).c
    last = sa.select(sa.func.max(mark.id)).scalar_subquery()
    recent = sa.select(sa.func.count()).where(mark.id > sa.func.coalesce(last, 0) - LATE).scalar_subquery()
    return sa.select(version.structure, version.state, last, recent)


_STAMP = _asks_stamp()


def _stamp() -> Stamp:
    row = session.execute(_STAMP).first()
    if row is None:
        return Stamp("", 0, 0, 0)
    return Stamp(row[0], row[1], row[2] or 0, row[3])


def _serves(kept: Kept, stamp: Stamp, day: date) -> bool:
    """Whether it is this version or, for a reader of an older snapshot, a later one of the same structure."""
    return (
        kept.structure == stamp.structure
        and kept.state >= stamp.state
        and kept.first_day <= day < kept.until
        and (kept.last_mark > stamp.last_mark or (kept.last_mark == stamp.last_mark and len(kept.marks) >= stamp.marks))
    )


def _brought_up(kept: Kept | None, stamp: Stamp, day: date) -> Kept:
    if kept is None or kept.structure != stamp.structure or not kept.first_day <= day < kept.until:
        return _read(stamp, day)
    grid = kept.grid
    if stamp.state > kept.state:
        grid = grid.switched(states_since(kept.state))
    marks, customers = _marked(kept, stamp, grid)
    if customers is not None:
        grid = grid.with_customers(customers)
    return Kept(
        grid,
        stamp.structure,
        max(stamp.state, kept.state),
        kept.first_day,
        kept.until,
        max(stamp.last_mark, kept.last_mark),
        marks,
    )


def _read(stamp: Stamp, day: date) -> Kept:
    if not stamp.structure:
        empty = Builder().done()
        grid = Grid(empty, Supply.normal(empty), Customers.none(0))
        return Kept(grid, "", 0, day, date.max, stamp.last_mark, frozenset())
    read = read_topology(day)
    grid = Grid(read.topology, Supply.traced(read.topology, read.states), read_customers(read.topology))
    return Kept(grid, stamp.structure, stamp.state, day, read.until, stamp.last_mark, _recent(stamp))


def _recent(stamp: Stamp) -> frozenset[int]:
    mark = table(CustomerMark).c
    return frozenset(session.scalars(sa.select(mark.id).where(mark.id > stamp.last_mark - LATE)))


def _marked(kept: Kept, stamp: Stamp, grid: Grid) -> tuple[frozenset[int], Customers | None]:
    """The marks seen now, and the customers where some moved."""
    if stamp.last_mark == kept.last_mark and stamp.marks <= len(kept.marks):
        return kept.marks, None
    if stamp.last_mark - kept.last_mark > MANY_MARKS:
        return _recent(stamp), read_customers(grid.topology)
    mark = table(CustomerMark).c
    from_id = min(kept.last_mark, stamp.last_mark) - LATE
    rows = session.execute(sa.select(mark.id, mark.premises_id).where(mark.id > from_id)).all()
    moved = {premises for mark_id, premises in rows if mark_id not in kept.marks}
    seen = frozenset(mark_id for mark_id, _ in rows if mark_id > stamp.last_mark - LATE)
    return seen, read_again(grid.topology, grid.placed, sorted(moved)) if moved else None


@event.listens_for(Session, "after_commit")
def _end_own(current_session: Session) -> None:
    current_session.info.pop(OWN, None)
    current_session.info.pop(OWN + "_changed", None)


@event.listens_for(Session, "after_soft_rollback")
def _forget_own(current_session: Session, _previous: Any) -> None:
    current_session.info.pop(OWN, None)
    if not current_session.in_nested_transaction():
        current_session.info.pop(OWN + "_changed", None)
