"""Substations (变电站) and nodes of the grid: infeeds, busbars (母线), junctions, distribution transformers (配变)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.network.models.columns import Asset

NODE_KINDS = ("source", "busbar", "junction", "distribution_transformer")


class Substation(Asset, Base):
    """A substation; `voltage` is its highest, kV. Degrees are WGS 84."""

    __tablename__ = "grid_substation"

    voltage: Mapped[float | None]
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]


class GridNode(Asset, Base):
    """A point where conductors meet. `infeed`: power comes in here (a source, or a busbar whose
    transformer we do not know).

    `capacity` is kVA, `load` kW; both of distribution transformers, whose code is the transformer area's (台区).
    `public`: a public transformer (公变), else one customer's own (专变).
    """

    __tablename__ = "grid_node"

    kind: Mapped[str] = mapped_column(sa.String(24))
    voltage: Mapped[float | None]
    substation_code: Mapped[str] = mapped_column(sa.String(40), default="", index=True)
    infeed: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    capacity: Mapped[float | None]
    load: Mapped[float | None]
    public: Mapped[bool] = mapped_column(default=True)

    @classmethod
    def _more_table_args(cls) -> tuple[Any, ...]:
        return (sa.CheckConstraint(f"kind in {NODE_KINDS}", name="kind"),)
