"""Meters (电能表), what they showed (示数), and the rounds in which they are read (抄表段)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.customers.models.columns import BigId, beginning_index
from app.kernel.db import Base


class ReadingSegment(Base):
    """A round of meters read on one day (抄表段). `cycle` is `month` or `two_months`, `day` the day of the month."""

    __tablename__ = "reading_segment"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100), default="")
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200), default="", index=True)
    cycle: Mapped[str] = mapped_column(sa.String(20), default="month")
    day: Mapped[int] = mapped_column(default=1)


class Meter(Base):
    """A meter at a customer for [installed_on, removed_on). Energy = difference of registers x `multiplier`.

    `digits` are the places before the point: the register rolls over at 10**digits. What the
    registers showed at installation and removal are readings of kind `install` and `remove`.
    `kind` is `single`, `tou` (parts of the day) or `demand` (parts and maximum demand).
    """

    __tablename__ = "meter"
    __table_args__ = (beginning_index("ix_meter_number", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(40))
    multiplier: Mapped[Decimal] = mapped_column(sa.Numeric(10, 4), default=Decimal(1))
    digits: Mapped[int] = mapped_column(default=6)
    kind: Mapped[str] = mapped_column(sa.String(20), default="single")
    installed_on: Mapped[date]
    removed_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(300), default="")


class Reading(Base):
    """What a meter's registers showed on a day, before the multiplier.

    `total` is forward active energy; `sharp`, `peak`, `flat`, `valley`, `deep` its parts
    (尖峰平谷深谷); `reactive` forward reactive energy; `demand` the maximum demand (kW register).
    """

    __tablename__ = "reading"
    __table_args__ = (sa.UniqueConstraint("meter_id", "read_on", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    meter_id: Mapped[int] = mapped_column(sa.ForeignKey("meter.id"))
    read_on: Mapped[date]
    kind: Mapped[str] = mapped_column(sa.String(20), default="regular")
    total: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 3))
    sharp: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 3))
    peak: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 3))
    flat: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 3))
    valley: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 3))
    deep: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 3))
    reactive: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 3))
    demand: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 3))
    source: Mapped[str] = mapped_column(sa.String(40), default="")
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    entered_by: Mapped[str] = mapped_column(sa.String(80), default="")
    entered_at: Mapped[datetime | None]
