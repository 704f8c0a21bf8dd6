"""How often what happened at which node of which version of a flow, a day."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class StepCount(Base):
    """`what` is `entered`, `exit:<name>` (left by it), `ended` (the call ended there by itself) or `hangup`."""

    __tablename__ = "flow_step_count"

    flow: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    version: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    what: Mapped[str] = mapped_column(sa.String(70), primary_key=True)
    n: Mapped[int] = mapped_column(default=0)
