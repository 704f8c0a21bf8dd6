"""Billing runs (电费发行批次) and what they could not bill."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class BillingRun(Base):
    """All customers of `segments` (all where empty) under `unit_path`, for one period.

    `cursor` is the last customer done: a run that was interrupted goes on behind it. States: `queued`,
    `running`, `done` (drafts wait for release), `releasing`, `released`, `discarded`.
    """

    __tablename__ = "billing_run"
    __table_args__ = (sa.Index("ix_billing_run_scope", "unit_path", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    period: Mapped[str] = mapped_column(sa.String(6))
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    segments: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(sa.String(20), default="queued")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    billed: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    exceptions: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[int] = mapped_column(default=0)
    energy: Mapped[Decimal] = mapped_column(sa.Numeric(18, 3), default=Decimal(0))
    amount: Mapped[Decimal] = mapped_column(sa.Numeric(18, 2), default=Decimal(0))
    requested_by: Mapped[str] = mapped_column(sa.String(80))
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    released_by: Mapped[str] = mapped_column(sa.String(80), default="")
    released_at: Mapped[datetime | None]
    due_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)


class BillingException(Base):
    """Why a customer got no bill, or a bill that somebody should look at (`blocking` false).

    `kind` is a code of `billing.computing.refusals`; `state` is `open`, `billed`, `accepted` or `closed`.
    """

    __tablename__ = "billing_exception"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "customer_id", "kind"),
        sa.Index("ix_billing_exception_list", "run_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("billing_run.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    blocking: Mapped[bool] = mapped_column(default=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(sa.String(20), default="open")
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    resolved_by: Mapped[str] = mapped_column(sa.String(80), default="")
    resolved_at: Mapped[datetime | None]
