"""Repair crews (抢修班组): unit, leader, members, vehicle, whether on duty."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Crew(Base):
    """`leader` is a sign-in name: the leader's tasks are theirs and of the unit's other crew leaders."""

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
    on_duty: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class CrewMember(Base):
    """A person of a crew, by sign-in name."""

    __tablename__ = "crew_member"
    __table_args__ = (sa.UniqueConstraint("crew_id", "username"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    crew_id: Mapped[int] = mapped_column(sa.ForeignKey("crew.id", ondelete="CASCADE"))
    username: Mapped[str] = mapped_column(sa.String(80))
