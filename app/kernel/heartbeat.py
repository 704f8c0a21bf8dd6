"""Signs of life of the processes that nobody calls (the clock), for readiness pages and operators."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import db
from app.kernel.db import Base, is_sqlite, session
from app.kernel.registry import registry

CLOCK = "clock"


class Heartbeat(Base):
    """When a kind of process last showed itself."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(sa.String(50), primary_key=True)
    at: Mapped[datetime]


def beat(name: str, *, now: datetime) -> None:
    """Note a sign of life."""
    insert = (sqlite if is_sqlite() else postgresql).insert(Heartbeat)
    session.execute(insert.values(name=name, at=now).on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def age(name: str, *, now: datetime) -> timedelta | None:
    """Time since the last sign of life, None where there never was one."""
    at = session.scalar(sa.select(Heartbeat.at).where(Heartbeat.name == name))
    return None if at is None else now - at


@registry.sweep("heartbeat", every=timedelta(seconds=10))
def beat_clock(now: datetime) -> int:
    """The clock's own sign of life."""
    db.run(lambda: beat(CLOCK, now=now))
    return 1
