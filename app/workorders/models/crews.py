"""Repair crews (抢修班组): unit, leader, members, skills, vehicles, shifts, where they are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Crew(Base):
    """`leader` is a sign-in name: the leader's tasks are theirs and of the unit's other crew leaders.

    `skills` are words of the code list `crew_skill`. `vehicle` is the plate the crew usually takes, its
    further vehicles are rows of `crew_vehicle`. `lat`, `lon` (WGS 84 degrees), `accuracy` (metres),
    `position_at` and `position_source` are the newest row of `crew_position`.
    """

    __tablename__ = "crew"
    __table_args__ = (sa.UniqueConstraint("unit_code", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    leader: Mapped[str] = mapped_column(sa.String(80))
    vehicle: Mapped[str] = mapped_column(sa.String(40), default="")
    phone: Mapped[str] = mapped_column(sa.String(32), default="")
    skills: Mapped[list[Any]] = mapped_column(default=list, server_default=sa.text("'[]'"))
    on_duty: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy: Mapped[float | None]
    position_at: Mapped[datetime | None]
    position_source: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")


class CrewMember(Base):
    """A person of a crew, by sign-in name."""

    __tablename__ = "crew_member"
    __table_args__ = (sa.UniqueConstraint("crew_id", "username"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    crew_id: Mapped[int] = mapped_column(sa.ForeignKey("crew.id", ondelete="CASCADE"))
    username: Mapped[str] = mapped_column(sa.String(80))


class CrewVehicle(Base):
    """A vehicle (抢修车辆) of a crew: `kind`, `equipment` and `state` are words of the code lists
    `vehicle_kind`, `vehicle_equipment` and `vehicle_state`.
    """

    __tablename__ = "crew_vehicle"

    id: Mapped[int] = mapped_column(primary_key=True)
    crew_id: Mapped[int] = mapped_column(sa.ForeignKey("crew.id", ondelete="CASCADE"), index=True)
    plate: Mapped[str] = mapped_column(sa.String(40), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    equipment: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(sa.String(20), default="ready")
    note: Mapped[str] = mapped_column(sa.String(200), default="")


class CrewShift(Base):
    """One shift (班次) of a crew: half open, `day` is the local day it begins on.

    `begun` and `ended` say that the clock has already put the crew on duty and off again for it.
    """

    __tablename__ = "crew_shift"
    __table_args__ = (
        sa.UniqueConstraint("crew_id", "begins_at"),
        sa.Index("ix_crew_shift_day", "day", "crew_id"),
        sa.Index("ix_crew_shift_ends", "ended", "begins_at"),
        sa.CheckConstraint("ends_at > begins_at", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    crew_id: Mapped[int] = mapped_column(sa.ForeignKey("crew.id", ondelete="CASCADE"))
    day: Mapped[date]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    begun: Mapped[bool] = mapped_column(default=False)
    ended: Mapped[bool] = mapped_column(default=False)
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]


class CrewPosition(Base):
    """Where a crew was (位置): `at` is the server's time corrected by the device's clock, never in the future.

    `device_at` is what the device said, `received_at` when we heard it, `source` whether it came with a stamp
    of an order (`stamp`), from the crew's device by the API (`api`) or by hand (`hand`).
    """

    __tablename__ = "crew_position"
    __table_args__ = (sa.Index("ix_crew_position_crew", "crew_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    crew_id: Mapped[int] = mapped_column(sa.ForeignKey("crew.id", ondelete="CASCADE"))
    lat: Mapped[float]
    lon: Mapped[float]
    accuracy: Mapped[float | None]
    at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(sa.String(10))
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_order.id"))
