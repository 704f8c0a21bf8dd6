"""The outage (停电事件): where supply is interrupted, since when, for whom, and how far its handling is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.outages.called import Called

OVER = frozenset({"closed", "cancelled"})
"""States in which an outage is over for everybody."""

OUT = frozenset(
    {"predicted", "confirmed", "assigned", "en_route", "on_site", "partially_restored", "switching"},
)
"""States in which somebody is (or is believed to be) without supply: new calls below it belong to it."""

ACTIVE = OUT | {"restored", "verifying"}
"""States shown as under way: out, or back and not yet verified with the customers."""

UNDER_WAY = "status NOT IN ('closed', 'cancelled')"
"""SQL: not over, in the words of the partial indexes."""


class Outage(Called, Base):
    """One outage, predicted or confirmed, unplanned or planned.

    `kind` is one of Oracle NMS's: probable_service, real_service, confirmed_service, probable_device,
    real_device, confirmed_device, momentary, planned, non_outage. A *service* outage is one customer's; a
    *device* outage has `device_code`, or for calls without a place an address `zone`. A *real* one rests on
    something known (a switch stands open), a *probable* one on calls alone. `locked` groups are the
    dispatcher's: prediction never changes them. `why` is the last decision of the prediction (see
    `outages.location.reasons`).

    `started_at` is when supply failed, as far as known (the earliest report); `detected_at` when this row
    was written. `customers_total` were out at some time, `customers_out` are now, `customers_restored` are
    back; `calls` counts trouble calls that are not suspected pranks. `important` counts important customers,
    `important_level` the highest of them.
    """

    __tablename__ = "outage"
    __table_args__ = (
        sa.Index("ix_outage_scope", "unit_path", "id"),
        sa.Index("ix_outage_device", "device_code"),
        sa.Index("ix_outage_feeder", "feeder_code"),
        sa.Index("ix_outage_started", "started_at"),
        sa.Index("ix_outage_main_order", "main_order_id"),
        sa.Index("ix_outage_parent", "parent_id"),
        sa.Index("ix_outage_storm", "storm_id"),
        sa.Index(
            "ix_outage_under_way",
            "unit_path",
            "status",
            sqlite_where=sa.text(UNDER_WAY),
            postgresql_where=sa.text(UNDER_WAY),
        ),
        sa.Index(
            "ix_outage_feeder_under_way",
            "feeder_code",
            sqlite_where=sa.text(UNDER_WAY),
            postgresql_where=sa.text(UNDER_WAY),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    revision: Mapped[int] = mapped_column(default=1)

    nature: Mapped[str] = mapped_column(sa.String(20), default="unplanned")
    kind: Mapped[str] = mapped_column(sa.String(20))
    status: Mapped[str] = mapped_column(sa.String(20), default="predicted")
    locked: Mapped[bool] = mapped_column(default=False)

    device_code: Mapped[str] = mapped_column(sa.String(64), default="")
    device_name: Mapped[str] = mapped_column(sa.String(120), default="")
    device_name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    device_kind: Mapped[str] = mapped_column(sa.String(30), default="")
    feeder_code: Mapped[str] = mapped_column(sa.String(64), default="")
    feeder_name: Mapped[str] = mapped_column(sa.String(120), default="")
    feeder_name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    substation_code: Mapped[str] = mapped_column(sa.String(64), default="")
    zone: Mapped[str] = mapped_column(sa.String(40), default="")
    phases: Mapped[str] = mapped_column(sa.String(3), default="ABC")
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))

    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outage.id"))
    joined_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outage.id"))
    storm_id: Mapped[int | None]

    started_at: Mapped[datetime]
    detected_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    restored_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    planned_from: Mapped[datetime | None]
    planned_to: Mapped[datetime | None]

    customers_total: Mapped[int] = mapped_column(default=0)
    customers_out: Mapped[int] = mapped_column(default=0)
    customers_restored: Mapped[int] = mapped_column(default=0)
    calls: Mapped[int] = mapped_column(default=0)
    important: Mapped[int] = mapped_column(default=0)
    important_level: Mapped[str] = mapped_column(sa.String(20), default="none")

    cause: Mapped[str] = mapped_column(sa.String(40), default="")
    cause_note: Mapped[str] = mapped_column(sa.Text, default="")
    weather: Mapped[str] = mapped_column(sa.String(40), default="")
    hazard: Mapped[str] = mapped_column(sa.String(40), default="none")
    priority: Mapped[int] = mapped_column(default=50)

    etr_at: Mapped[datetime | None]
    etr_source: Mapped[str] = mapped_column(sa.String(20), default="")
    crew_id: Mapped[int | None] = mapped_column(sa.ForeignKey("crew.id"))
    main_order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_order.id"))
    instance_id: Mapped[str | None] = mapped_column(sa.String(36))
    callbacks_pending: Mapped[int] = mapped_column(default=0)
    why: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)

    @property
    def is_prediction(self) -> bool:
        """Whether it is a mere prediction (`PREDICTION`)."""
        return self.status == "predicted" and not self.locked and self.nature == "unplanned"


PREDICTION = sa.and_(Outage.status == "predicted", Outage.locked.is_(False), Outage.nature == "unplanned")
"""SQL: a mere prediction, which may be formed anew or taken in; `is_prediction` says the same of a row."""
