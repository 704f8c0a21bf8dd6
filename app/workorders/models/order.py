"""The work order (工单): who reported what, where it stands, what was found.

One row an order, of any category of the customer service centre. What happened to it
stands in the other tables of this package: stamps, events, limits, hand-overs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

CLOSED = frozenset({"ARCHIVED", "CANCELLED"})
"""States in which an order is over."""


STILL_OPEN = "work_order.status NOT IN ('ARCHIVED', 'CANCELLED')"
"""SQL: an order under way, in the words of the partial index (a bound value would not be known to imply it)."""


class WorkOrder(Base):
    """`status` is where the order stands for people, `step` the next step of its process.

    `reported_at` is the original time of the report: it survives transfers, reopenings and
    merges and starts the clock of arrival. `accepted_at` is when this row was written. `round` counts
    reopenings: stamps and callbacks belong to a round.

    `unit_code` is the unit that handles the order now; `lead_unit` the one that dispatches, reviews and
    calls back where it is another (empty: the same). `against_unit` is the unit complained of: its people
    never learn who asked for `secrecy` (`queries.secrecy`). `details` are the answers to the guided
    questions of the category, by key.
    """

    __tablename__ = "work_order"
    __table_args__ = (
        sa.Index("ix_work_order_scope", "unit_path", "id"),
        sa.Index("ix_work_order_status", "status", "id"),
        sa.Index("ix_work_order_phone", "contact_phone", "reported_at"),
        sa.Index("ix_work_order_account", "account_no", "reported_at"),
        sa.Index("ix_work_order_main", "main_order_id"),
        sa.Index(
            "ix_work_order_open",
            "unit_path",
            "category",
            "status",
            sqlite_where=sa.text("status NOT IN ('ARCHIVED', 'CANCELLED')"),
            postgresql_where=sa.text("status NOT IN ('ARCHIVED', 'CANCELLED')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    revision: Mapped[int] = mapped_column(default=1)

    category: Mapped[str] = mapped_column(sa.String(40), default="fault_repair")
    sub_type: Mapped[str] = mapped_column(sa.String(40), default="")
    item: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    first_category: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    grade: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    status: Mapped[str] = mapped_column(sa.String(20), default="NEW")
    step: Mapped[str] = mapped_column(sa.String(20), default="dispatch")
    round: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[str] = mapped_column(sa.String(40), default="")
    ruleset: Mapped[str] = mapped_column(sa.String(20))
    priority: Mapped[int] = mapped_column(default=50)
    instance_id: Mapped[str | None] = mapped_column(sa.String(36), index=True)

    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    lead_unit: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    handler: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    secrecy: Mapped[str] = mapped_column(sa.String(20), default="none", server_default="none")
    against_unit: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    against_path: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    area: Mapped[str] = mapped_column(sa.String(10), default="urban")

    channel: Mapped[str] = mapped_column(sa.String(20), default="phone")
    urgency: Mapped[str] = mapped_column(sa.String(20), default="normal")
    importance: Mapped[str] = mapped_column(sa.String(20), default="none")
    mood: Mapped[str] = mapped_column(sa.String(20), default="calm")
    sensitive: Mapped[bool] = mapped_column(default=False)
    supervised: Mapped[bool] = mapped_column(default=False)
    calls: Mapped[int] = mapped_column(default=1)

    contact_name: Mapped[str] = mapped_column(sa.String(80), default="")
    contact_phone: Mapped[str] = mapped_column(sa.String(32), default="")
    phone_as_given: Mapped[str] = mapped_column(sa.String(40), default="")
    account_no: Mapped[str] = mapped_column(sa.String(32), default="")
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    address_key: Mapped[str] = mapped_column(sa.String(300), default="", index=True)
    description: Mapped[str] = mapped_column(sa.Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=sa.text("'{}'"))
    external_no: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")

    fault_type: Mapped[str] = mapped_column(sa.String(40), default="")
    fault_cause: Mapped[str] = mapped_column(sa.String(40), default="")
    symptom: Mapped[str] = mapped_column(sa.String(40), default="")
    ownership: Mapped[str] = mapped_column(sa.String(20), default="")
    voltage: Mapped[str] = mapped_column(sa.String(20), default="")
    hazard: Mapped[str] = mapped_column(sa.String(40), default="none")
    line: Mapped[str] = mapped_column(sa.String(80), default="")
    transformer_area: Mapped[str] = mapped_column(sa.String(80), default="")
    analysis: Mapped[str] = mapped_column(sa.Text, default="")
    findings: Mapped[str] = mapped_column(sa.Text, default="")
    action: Mapped[str] = mapped_column(sa.Text, default="")
    contacted_customer: Mapped[str] = mapped_column(sa.String(20), default="")
    customer_opinion: Mapped[str] = mapped_column(sa.Text, default="")
    review_note: Mapped[str] = mapped_column(sa.Text, default="")
    result: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    measures: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    answer: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    answer_way: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    answer_to: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")

    crew_id: Mapped[int | None] = mapped_column(sa.ForeignKey("crew.id"))
    vehicle: Mapped[str] = mapped_column(sa.String(40), default="")
    etr_at: Mapped[datetime | None]
    etr_source: Mapped[str] = mapped_column(sa.String(20), default="")
    appointment_at: Mapped[datetime | None]
    fault_at: Mapped[datetime | None]
    reported_at: Mapped[datetime]
    accepted_at: Mapped[datetime]
    accepted_by: Mapped[str] = mapped_column(sa.String(80))
    closed_at: Mapped[datetime | None]
    closing_reason: Mapped[str] = mapped_column(sa.String(40), default="")
    main_order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_order.id"))

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)
