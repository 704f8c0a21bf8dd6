"""Monthly supervision sheets (监管月报) kept as files."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class SupervisionSheet(Base):
    """The sheet of a line of business and unit for the month that begins on `month`, in one language."""

    __tablename__ = "supervision_sheet"
    __table_args__ = (sa.UniqueConstraint("line", "unit_code", "month", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(sa.String(40))
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    month: Mapped[date]
    language: Mapped[str] = mapped_column(sa.String(5))
    file_id: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(sa.String(80))
