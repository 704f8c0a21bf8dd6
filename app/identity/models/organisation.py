"""The organisation tree (组织机构): units with dates of validity, and what they used to be."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

KINDS = ("province", "city", "county", "station")
"""省公司, 市公司, 县公司, 供电所: a unit stands under one of a higher kind."""

AREAS = ("urban", "rural", "remote")
"""城区, 农村, 特殊边远: decides limits of arrival (domain rules), None where a unit covers several."""


class OrgUnit(Base):
    """A unit as it is now. `path` is the ids from the root down, `/1/4/9/`: a subtree is a prefix."""

    __tablename__ = "org_unit"
    __table_args__ = (
        # two open units of one code cannot be; closed ones are checked by the operation
        sa.Index(
            "uq_org_unit_open_code",
            "code",
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100), default="")
    kind: Mapped[str] = mapped_column(sa.String(20))
    area: Mapped[str | None] = mapped_column(sa.String(20))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("org_unit.id"), index=True)
    path: Mapped[str] = mapped_column(sa.String(200), index=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class OrgUnitChange(Base):
    """What a unit was before a rename or a move: its state in [valid_from, valid_to)."""

    __tablename__ = "org_unit_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100))
    area: Mapped[str | None] = mapped_column(sa.String(20))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("org_unit.id"))
    path: Mapped[str] = mapped_column(sa.String(200))
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(sa.String(64))
