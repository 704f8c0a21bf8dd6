"""What each stage of an order brought (环节结果): survey, supply plan, inspection … One row a stage done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OrderStage(Base):
    """`stage` is the diagram's word; `values` what its form left, by the keys the diagram names in `keeps`."""

    __tablename__ = "order_stage"
    __table_args__ = (sa.Index("ix_order_stage_order", "order_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"))
    round: Mapped[int] = mapped_column(default=1)
    stage: Mapped[str] = mapped_column(sa.String(20))
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
