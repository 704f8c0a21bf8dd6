"""Switches with their normal and present state, and the history of their operation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.network.models.columns import Asset

SWITCH_KINDS = ("CB", "breaker", "LBS", "disconnector", "fuse")
"""馈线断路器 (at the head of a feeder), 断路器, 负荷开关, 隔离开关, 熔断器."""


class GridSwitch(Asset, Base):
    """A switch between two conducting things, each a node, a branch or a low-voltage branch.

    At the end of a line it stands between the node (`from_code`) and the line (`to_code`). `normal` and `present`
    are the closed phases (`ABC` closed, empty open). `protective`: it trips by itself at a fault. `changed` is the
    version of the grid (`grid_version.state`) that the present state came with; `changed_at` the server's time.
    """

    __tablename__ = "grid_switch"

    kind: Mapped[str] = mapped_column(sa.String(24))
    from_code: Mapped[str] = mapped_column(sa.String(40))
    to_code: Mapped[str] = mapped_column(sa.String(40))
    normal: Mapped[str] = mapped_column(sa.String(3), default="ABC")
    present: Mapped[str] = mapped_column(sa.String(3), default="ABC")
    protective: Mapped[bool] = mapped_column(default=False)
    remote: Mapped[bool] = mapped_column(default=False)
    changed: Mapped[int] = mapped_column(default=0, index=True)
    changed_at: Mapped[datetime | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]

    @classmethod
    def _more_table_args(cls) -> tuple[Any, ...]:
        return (sa.CheckConstraint(f"kind in {SWITCH_KINDS}", name="kind"),)


class Switching(Base):
    """One operation of a switch: rows are only added. `at` is the server's time, `device_at` what a device
    claimed, `happened_at` the device's time where it may be believed, else the server's.
    `before` and `after` are the closed phases; `source` is person, scada or import; `key` names an event of another
    system, so that it counts once. `applied` is false for what came too late to change anything: `note` says why.
    """

    __tablename__ = "grid_switching"
    __table_args__ = (sa.Index("ix_grid_switching_switch", "switch_code", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    switch_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200), default="/")
    before: Mapped[str] = mapped_column(sa.String(3))
    after: Mapped[str] = mapped_column(sa.String(3))
    at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    happened_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(sa.String(20), default="person")
    key: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    by: Mapped[str] = mapped_column(sa.String(80))
    by_name: Mapped[str] = mapped_column(sa.String(100), default="")
    applied: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(sa.String(40), default="")
    version: Mapped[int] = mapped_column(default=0)
