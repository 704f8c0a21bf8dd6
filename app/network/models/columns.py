"""What the rows of the grid have in common: a code, names, the unit in charge, phases, dates of validity."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

ALWAYS = date(1900, 1, 1)
"""`valid_from` of what has no known date of commissioning."""


class Asset:
    """A thing of the grid, valid in [valid_from, valid_to). `code` names it over all tables of the grid."""

    __tablename__: str

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    unit_code: Mapped[str] = mapped_column(sa.String(40), default="")
    unit_path: Mapped[str] = mapped_column(sa.String(200), default="/", index=True)
    phases: Mapped[str] = mapped_column(sa.String(3), default="ABC")
    valid_from: Mapped[date] = mapped_column(default=ALWAYS)
    valid_to: Mapped[date | None]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805 (declared so by SQLAlchemy)
        """One version of a code begins on one day."""
        return (sa.UniqueConstraint("code", "valid_from"), *cls._more_table_args())

    @classmethod
    def _more_table_args(cls) -> tuple[Any, ...]:
        return ()
