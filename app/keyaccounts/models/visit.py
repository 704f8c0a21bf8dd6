"""Visits to key accounts (走访): planned, made, followed up, reviewed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

OVER = frozenset({"closed", "cancelled"})
"""States in which a visit is over."""


class AccountVisit(Base):
    """A visit of a year's plan (`year`, `turn`) or beside it (turn 0).

    `state` is `planned` (its process has not begun), `open`, `following` (faults found are followed up),
    `reviewing`, `closed` or `cancelled`. The record (findings, wishes, photos) is that of the last form sent.
    """

    __tablename__ = "account_visit"
    __table_args__ = (
        sa.Index("ix_account_visit_account", "account_id", "due_on"),
        sa.Index("ix_account_visit_due", "state", "due_on"),
        sa.Index("ix_account_visit_scope", "unit_path", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("key_account.id"))
    plan_key: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    year: Mapped[int]
    turn: Mapped[int] = mapped_column(default=0)
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    purpose: Mapped[str] = mapped_column(sa.String(300), default="")
    begin_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(20), default="planned")
    manager: Mapped[str] = mapped_column(sa.String(80), default="")
    instance_id: Mapped[str | None] = mapped_column(sa.String(36))
    visited_on: Mapped[date | None]
    met: Mapped[str] = mapped_column(sa.String(100), default="")
    findings: Mapped[str] = mapped_column(sa.Text, default="")
    wishes: Mapped[str] = mapped_column(sa.Text, default="")
    satisfaction: Mapped[str] = mapped_column(sa.String(20), default="")
    photos: Mapped[list[Any]] = mapped_column(default=list)
    postponed: Mapped[int] = mapped_column(default=0)
    recorded_by: Mapped[str] = mapped_column(sa.String(80), default="")
    reviewed_by: Mapped[str] = mapped_column(sa.String(80), default="")
    review_note: Mapped[str] = mapped_column(sa.Text, default="")
    closed_at: Mapped[datetime | None]


class VisitHazard(Base):
    """A hazard on the customer's side found on a visit (隐患), and what became of it. `severity`: general, serious."""

    __tablename__ = "visit_hazard"
    __table_args__ = (sa.Index("ix_visit_hazard_account", "account_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("account_visit.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("key_account.id"))
    text: Mapped[str] = mapped_column(sa.String(500))
    severity: Mapped[str] = mapped_column(sa.String(20), default="general")
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(20), default="open")
    result: Mapped[str] = mapped_column(sa.String(500), default="")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(sa.String(80), default="")
