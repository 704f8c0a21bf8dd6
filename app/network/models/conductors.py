"""Branches between nodes, and the feeders (馈线) they make up."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.network.models.columns import Asset

BRANCH_KINDS = ("line", "cable", "power_transformer")


class GridBranch(Asset, Base):
    """A line, a cable or a transformer of a substation between two nodes; `length` in km."""

    __tablename__ = "grid_branch"

    kind: Mapped[str] = mapped_column(sa.String(24))
    from_code: Mapped[str] = mapped_column(sa.String(40))
    to_code: Mapped[str] = mapped_column(sa.String(40))
    length: Mapped[float | None]

    @classmethod
    def _more_table_args(cls) -> tuple[Any, ...]:
        return (sa.CheckConstraint(f"kind in {BRANCH_KINDS}", name="kind"),)


class Feeder(Asset, Base):
    """A feeder of 10 or 20 kV: begins at its breaker on a busbar."""

    __tablename__ = "grid_feeder"

    breaker_code: Mapped[str] = mapped_column(sa.String(40), index=True)
    busbar_code: Mapped[str] = mapped_column(sa.String(40), default="")
    substation_code: Mapped[str] = mapped_column(sa.String(40), default="", index=True)
    voltage: Mapped[float | None]
