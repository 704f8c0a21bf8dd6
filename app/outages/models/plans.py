"""Planned, temporary and orderly outages (计划停电、临时停电、有序用电): what is asked for, judged and switched."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OutagePlan(Base):
    """What belongs to a planned outage beside its row of `outage` (where the times and the state stand).

    `devices` are the devices to be cut off, `[{code, name, name_en, kind}]`; `judgement` what the check found (other
    planned outages, stops upstream, important customers, repeated stops), as it stood when it was made. `terms` is
    the row of the table `outage_plan_terms` that applied. `as_temporary` says that it was approved although the
    notice comes too late. `round` counts revisions: each asks key accounts anew. `first_from` and `first_to` are the
    times as first announced.
    """

    __tablename__ = "outage_plan"

    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outage.id"), primary_key=True)
    work: Mapped[str] = mapped_column(sa.String(20), default="maintenance")
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    devices: Mapped[list[Any]] = mapped_column(default=list)
    judgement: Mapped[dict[str, Any]] = mapped_column(default=dict)
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    planner: Mapped[str] = mapped_column(sa.String(80), default="")
    requested_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str] = mapped_column(sa.String(80), default="")
    review_note: Mapped[str] = mapped_column(sa.String(500), default="")
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str] = mapped_column(sa.String(80), default="")
    approve_note: Mapped[str] = mapped_column(sa.String(500), default="")
    as_temporary: Mapped[bool] = mapped_column(default=False)
    noticed_at: Mapped[datetime | None]
    first_from: Mapped[datetime]
    first_to: Mapped[datetime]
    extensions: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=1)
    ended_reason: Mapped[str] = mapped_column(sa.String(500), default="")


class OutageCut(Base):
    """A transformer that a planned outage keeps without supply, from its switching until a step gives it back.

    Also where its customers are out in another outage at the time: they come to this one when that gives them back
    (`outages.operations.overlapping`).
    """

    __tablename__ = "outage_cut"
    __table_args__ = (
        sa.Index("ix_outage_cut_transformer", "transformer_code"),
        sa.Index("ix_outage_cut_restored", "restored_at"),
    )

    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outage.id"), primary_key=True)
    transformer_code: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    out_at: Mapped[datetime]
    restored_at: Mapped[datetime | None]


class OutageSwitching(Base):
    """One step of the switching of a planned outage (操作步骤): which device, open or closed, done when and by whom."""

    __tablename__ = "outage_switching"
    __table_args__ = (sa.UniqueConstraint("outage_id", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outage.id"))
    n: Mapped[int]
    device_code: Mapped[str] = mapped_column(sa.String(64))
    device_name: Mapped[str] = mapped_column(sa.String(120), default="")
    device_name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    state: Mapped[str] = mapped_column(sa.String(6))
    phases: Mapped[str] = mapped_column(sa.String(3), default="ABC")
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(sa.String(80), default="")
