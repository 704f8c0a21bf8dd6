"""Below a distribution transformer: low-voltage branches (低压分支) and meter boxes (表箱)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.network.models.columns import Asset


class LvBranch(Asset, Base):
    """A low-voltage branch of a transformer; `parent_code` is the branch it leaves from, empty at the transformer."""

    __tablename__ = "grid_lv_branch"

    transformer_code: Mapped[str] = mapped_column(sa.String(40), index=True)
    parent_code: Mapped[str] = mapped_column(sa.String(40), default="")


class MeterBox(Asset, Base):
    """A meter box: hangs on a low-voltage branch, or on the transformer itself where `lv_branch_code` is empty."""

    __tablename__ = "grid_meter_box"

    transformer_code: Mapped[str] = mapped_column(sa.String(40), index=True)
    lv_branch_code: Mapped[str] = mapped_column(sa.String(40), default="")
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
