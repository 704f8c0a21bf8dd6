"""Calls to be made, and each time one was tried."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

WAITING = ("queued", "dialling")
"""States of a call that is not over."""


class PhoneCall(Base):
    """A call to be made. `kind`: `message` (speaks `text`, asks for a key) or `callback` (joins an agent of `queue`).

    `state`: `queued`, `dialling`, `done`, `failed`, `cancelled`; `result` as in the domain's list of outbound
    results (`ANSWERED_CONFIRMED`, `NO_ANSWER`, …), that of the last attempt until it is over. `claimed_by` is the
    ivr process that dials, until `claimed_until`. Nothing is dialled after `deadline`.
    """

    __tablename__ = "phone_call"
    __table_args__ = (
        sa.Index("ix_phone_call_due", "state", "next_at"),
        sa.Index("ix_phone_call_number", "number", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    purpose: Mapped[str] = mapped_column(sa.String(40), default="notice")
    number: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    language: Mapped[str] = mapped_column(sa.String(5), default="zh")
    queue: Mapped[str] = mapped_column(sa.String(40), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    delivery_id: Mapped[int | None] = mapped_column(index=True)
    priority: Mapped[int] = mapped_column(default=50)
    state: Mapped[str] = mapped_column(sa.String(12), default="queued")
    result: Mapped[str] = mapped_column(sa.String(30), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    deadline: Mapped[datetime | None]
    claimed_by: Mapped[str] = mapped_column(sa.String(80), default="")
    claimed_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(80))
    finished_at: Mapped[datetime | None]


class PhoneAttempt(Base):
    """One time a call was tried. `call_key` is its channel, and so its record."""

    __tablename__ = "phone_attempt"
    __table_args__ = (sa.UniqueConstraint("phone_call_id", "n", name="uq_phone_attempt_phone_call_id_n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phone_call_id: Mapped[int] = mapped_column(sa.ForeignKey("phone_call.id", ondelete="CASCADE"))
    n: Mapped[int]
    call_key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(sa.String(30), default="")
    cause: Mapped[str] = mapped_column(sa.String(60), default="")
