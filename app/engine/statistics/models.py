"""The tables of the figures: what is not folded yet, what is, and how long passages took.

Figures stand twice, by day and, as `whole_month` on the month's first day, by month: a year
of a process is read from thirty times fewer rows.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.engine.runtime.models import Identity, UnitPath
from app.kernel.db import Base


class ElementTally(Base):
    """What one command counted for a unit (`noting.Event` as lists); gone when it is folded."""

    __tablename__ = "element_tally"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    unit_path: Mapped[str] = mapped_column(UnitPath)
    events: Mapped[list[Any]]


class ElementDay(Base):
    """An element's passages of one local day in one unit ("" is none).

    `started` counts passages that began on this day, `completed` and `cancelled` those that
    ended on it; durations are of completed passages, in milliseconds. Rows that are
    `settled` hold what removed histories said, by day alone; the others hold everything.
    """

    __tablename__ = "element_day"
    __table_args__ = (sa.Index("ix_element_day_process_key", "process_key", "settled", "whole_month", "day"),)

    settled: Mapped[bool] = mapped_column(primary_key=True)
    whole_month: Mapped[bool] = mapped_column(primary_key=True)
    definition_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    element_id: Mapped[str] = mapped_column(sa.String(150), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    unit_path: Mapped[str] = mapped_column(UnitPath, primary_key=True)
    process_key: Mapped[str] = mapped_column(sa.String(100))
    started: Mapped[int]
    completed: Mapped[int]
    cancelled: Mapped[int]
    total_ms: Mapped[int] = mapped_column(sa.BigInteger)
    shortest_ms: Mapped[int | None] = mapped_column(sa.BigInteger)
    longest_ms: Mapped[int | None] = mapped_column(sa.BigInteger)


class ElementSpan(Base):
    """How many of a day's completed passages took how long, by the classes of `spans`."""

    __tablename__ = "element_span"
    __table_args__ = (sa.Index("ix_element_span_process_key", "process_key", "settled", "whole_month", "day"),)

    settled: Mapped[bool] = mapped_column(primary_key=True)
    whole_month: Mapped[bool] = mapped_column(primary_key=True)
    definition_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    element_id: Mapped[str] = mapped_column(sa.String(150), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    unit_path: Mapped[str] = mapped_column(UnitPath, primary_key=True)
    span: Mapped[int] = mapped_column(primary_key=True)
    process_key: Mapped[str] = mapped_column(sa.String(100))
    count: Mapped[int]
