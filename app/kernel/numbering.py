"""Numbers that people read out: prefix, local date, a running number of that day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import LOCAL
from app.kernel.db import Base, is_sqlite, session, table


class NumberSeries(Base):
    """The last number given of a prefix on a day."""

    __tablename__ = "number_series"

    prefix: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]


def next_number(prefix: str, *, now: datetime) -> str:
    """The next number, such as `GD202603020001`; unique, without gaps (a rollback gives it back).

    The row stays locked until the caller's commit: take the number late in an operation.
    The day is the local one; after 9999 a day the running part grows longer.
    """
    day = now.astimezone(LOCAL).date()
    statement = _NEXT["sqlite" if is_sqlite() else "postgresql"]
    number = session.execute(statement, {"series": prefix, "on": day}).scalar_one()
    return f"{prefix}{day:%Y%m%d}{number:04d}"


def _asks_next(insert: Any) -> Any:
    series = table(NumberSeries)
    first = insert(series).values(prefix=sa.bindparam("series"), day=sa.bindparam("on"), last=1)
    again = first.on_conflict_do_update(index_elements=["prefix", "day"], set_={"last": series.c.last + 1})
    return again.returning(series.c.last)


_NEXT = {"sqlite": _asks_next(sqlite.insert), "postgresql": _asks_next(postgresql.insert)}
"""Built once: every order and outage asks for a number."""
