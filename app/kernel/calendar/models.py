"""The table of days that differ from the published calendar."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class CalendarDay(Base):
    """A day an operator declared worked or free; it overrides holidays, make-up days and weekends."""

    __tablename__ = "calendar_day"

    date: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.String(200), default="")
