"""The bill (电费账单): one document for one customer and one period."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.customers.models.columns import BigId
from app.kernel.db import Base

OWED = ("issued", "part")
"""States of a bill that somebody still owes."""


class Bill(Base):
    """`period` is `YYYYMM`; [from_on, to_on) the days it covers; `round` counts the documents of the period.

    `kind` is `regular`, `final`, `credit` (a credit note: the amount is negative) or `correction`. States:
    `draft` (computed, not released), `issued`, `part` (paid in part), `paid`, `void` (never counted),
    `credited` (undone by a credit note; the note too). `paid` is what was paid of the amount, `late_paid` of
    late fees. `year_energy` is the part that counts to the year of the last day, where the bill crosses
    1 January; `late_class` says which late fee applies. `lines` and `facts` explain the amount; a bill
    imported from another system may lack them.
    """

    __tablename__ = "bill"
    __table_args__ = (
        sa.UniqueConstraint("customer_id", "period", "round"),
        sa.Index("ix_bill_state_due", "state", "due_on"),
        sa.Index("ix_bill_run", "run_id", "state"),
        sa.Index("ix_bill_corrects", "corrects_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(60), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    unit_code: Mapped[str] = mapped_column(sa.String(40), default="")
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    period: Mapped[str] = mapped_column(sa.String(6))
    round: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(sa.String(20), default="regular")
    from_on: Mapped[date]
    to_on: Mapped[date]
    energy: Mapped[Decimal] = mapped_column(sa.Numeric(14, 3), default=Decimal(0))
    year_energy: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 3))
    amount: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2))
    paid: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2), default=Decimal(0))
    late_paid: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2), default=Decimal(0))
    late_class: Mapped[str] = mapped_column(sa.String(20), default="resident")
    state: Mapped[str] = mapped_column(sa.String(20), default="issued")
    issued_on: Mapped[date | None]
    due_on: Mapped[date | None]
    corrects_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("bill.id"))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    tariff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tariff.id"))
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("billing_run.id"))
    lines: Mapped[list[Any] | None]
    facts: Mapped[dict[str, Any] | None]
    source: Mapped[str] = mapped_column(sa.String(40), default="")
    created_by: Mapped[str] = mapped_column(sa.String(80), default="")
    created_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)
