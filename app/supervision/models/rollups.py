"""The roll-ups: sums of facts, kept equal to them by every fold."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OpenCount(Base):
    """How many orders are under way, by unit, kind, state, limit state and class of age."""

    __tablename__ = "supervision_open"

    unit_code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    category: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    sub_type: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    status: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    limit_state: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    age: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    orders: Mapped[int]


class PeriodCount(Base):
    """The measures of the orders accepted on a day (`grain` d) or in a month (m, by its first day)."""

    __tablename__ = "supervision_period"

    grain: Mapped[str] = mapped_column(sa.String(1), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    unit_code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    category: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    sub_type: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    orders: Mapped[int]
    closed: Mapped[int]
    dispatched: Mapped[int]
    returned: Mapped[int]
    due: Mapped[int]
    late: Mapped[int]
    callback_due: Mapped[int]
    called_back: Mapped[int]
    valid: Mapped[int]
    satisfied: Mapped[int]
    repeated: Mapped[int]
    reopened: Mapped[int]
    supervised: Mapped[int]
