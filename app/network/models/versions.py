"""Which version of the grid is in force, which customers moved in it, and the imports that made it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Json


class GridVersion(Base):
    """The one row: `structure` is new after each import or change of a device, `state` counts switch operations."""

    __tablename__ = "grid_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    structure: Mapped[str] = mapped_column(sa.String(36))
    state: Mapped[int] = mapped_column(default=0)


class CustomerMark(Base):
    """Premises whose place in the grid changed, or whose customer did: one row a change, in its own transaction."""

    __tablename__ = "grid_customer_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    premises_id: Mapped[int]


class GridImport(Base):
    """One import of grid data and its report. `state` is checked (a dry run), refused or done.

    `units` are the codes of the units whose devices it names: who may change the grid in all of them sees it.
    """

    __tablename__ = "grid_import"
    __table_args__ = (sa.Index("ix_grid_import_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(80))
    by_name: Mapped[str] = mapped_column(sa.String(100), default="")
    form: Mapped[str] = mapped_column(sa.String(20))
    files: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(sa.String(10))
    units: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    findings: Mapped[list[Any]] = mapped_column(Json, default=list)
