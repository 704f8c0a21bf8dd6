"""Raise the grid's version: each process then brings its own copy up to date."""

from __future__ import annotations

import sqlalchemy as sa

from app.kernel import live
from app.kernel.db import new_id, session
from app.network import listeners
from app.network.grid import changed_here
from app.network.models import GridVersion

TOPIC = "grid"
"""Pages that show the grid listen to it."""


def next_state() -> int:
    """The version of a switch operation. Locks the row: operations come one after the other."""
    _there()
    session.execute(sa.update(GridVersion).values(state=GridVersion.state + 1))
    changed_here()
    live.touch(TOPIC)
    return int(session.scalar(sa.select(GridVersion.state)) or 0)


def new_structure() -> None:
    """Devices came, went or changed: the grid is read anew."""
    _there()
    session.execute(sa.update(GridVersion).values(structure=new_id()))
    changed_here()
    live.touch(TOPIC)
    listeners.tell_structure()


def _there() -> None:
    if session.scalar(sa.select(GridVersion.id)) is None:
        session.add(GridVersion(id=1, structure=new_id(), state=0))
        session.flush()
