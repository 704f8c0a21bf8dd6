"""Faxes that go out (传真外发): what, to whom, and every attempt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

QUEUED, SENDING, SENT = "QUEUED", "SENDING", "SENT"
BUSY, NO_ANSWER, NOT_FAX, FAILED = "BUSY", "NO_ANSWER", "NOT_FAX", "FAILED"
STATES = (QUEUED, SENDING, SENT, BUSY, NO_ANSWER, NOT_FAX, FAILED)
OUTCOMES = frozenset({SENT, BUSY, NO_ANSWER, NOT_FAX, FAILED})


class FaxJob(Base):
    """One document to one number. `key` names it for good: who asks twice gets it once.

    `state` is what became of the last attempt; `next_at` says when the next one begins, empty where there is
    none. `document` and `inputs` say what is on it, as it stands when it is sent. `delivery_id` is the message
    (`notify`) it carries, where there is one.
    """

    __tablename__ = "fax_job"
    __table_args__ = (
        sa.Index("ix_fax_job_state", "state", "next_at"),
        sa.Index("ix_fax_job_scope", "unit_path", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    document: Mapped[str] = mapped_column(sa.String(40))
    inputs: Mapped[dict[str, Any]]
    language: Mapped[str] = mapped_column(sa.String(5), default="zh")
    number: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[str] = mapped_column(sa.String(12), default=QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    account_no: Mapped[str] = mapped_column(sa.String(32), default="")
    call_ref: Mapped[str] = mapped_column(sa.String(80), default="")
    delivery_id: Mapped[int | None]
    unit_path: Mapped[str] = mapped_column(sa.String(200), default="/")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(80))
    next_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class FaxAttempt(Base):
    """One try. `pages` are those the other side confirmed; `code` and `detail` are the switch's own words."""

    __tablename__ = "fax_attempt"
    __table_args__ = (sa.UniqueConstraint("fax_id", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fax_id: Mapped[int] = mapped_column(sa.ForeignKey("fax_job.id"))
    n: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(sa.String(12), default="")
    pages: Mapped[int] = mapped_column(default=0)
    code: Mapped[str] = mapped_column(sa.String(20), default="")
    detail: Mapped[str] = mapped_column(sa.String(300), default="")
