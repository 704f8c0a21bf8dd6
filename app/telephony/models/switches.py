"""What people switch while calls come in: opening hours and notices."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class IvrHours(Base):
    """Opening hours by name. `days` is `every` or `working` (the working calendar), times are local.

    `forced` (`open`, `closed`) goes before everything until `forced_until` (null: until taken back).
    """

    __tablename__ = "ivr_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60), unique=True)
    title: Mapped[str] = mapped_column(sa.String(80))
    title_en: Mapped[str] = mapped_column(sa.String(80))
    days: Mapped[str] = mapped_column(sa.String(10))
    opens: Mapped[str] = mapped_column(sa.String(5))
    closes: Mapped[str] = mapped_column(sa.String(5))
    forced: Mapped[str | None] = mapped_column(sa.String(10))
    forced_until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    changed_by: Mapped[str] = mapped_column(sa.String(80), default="")
    changed_at: Mapped[datetime | None]


class IvrNotice(Base):
    """What everybody is told where a flow asks for the notice of this name, while it is on.

    `shut` asks the flow to end its ordinary service (its exit `shut`).
    """

    __tablename__ = "ivr_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60), unique=True)
    title: Mapped[str] = mapped_column(sa.String(80))
    title_en: Mapped[str] = mapped_column(sa.String(80))
    text: Mapped[str] = mapped_column(sa.String(500), default="")
    text_en: Mapped[str] = mapped_column(sa.String(500), default="")
    on: Mapped[bool] = mapped_column("is_on", default=False)
    until: Mapped[datetime | None]
    shut: Mapped[bool] = mapped_column(default=False)
    changed_by: Mapped[str] = mapped_column(sa.String(80), default="")
    changed_at: Mapped[datetime | None]
