"""What was changed in master data: who, when, from what to what, and where the new value came from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.customers.models.columns import BigId
from app.kernel.db import Base


class CustomerChange(Base):
    """One act upon a customer's data. Rows are only added.

    `subject` is what changed (`customer`, `contact`, `meter`, `reading`, `setting`), `subject_key` how
    people call it (number, name, day), `act` is `created`, `changed` or `removed`; `fields` maps field to
    `[before, after]`, in texts. `source` names the page, system or import; of an import `import_id` and
    `line` (of its file) say exactly whence. `position` is the row's place in the outgoing feed of changes,
    given after its commit (`customers.feed`), so that positions have no gaps and never appear out of order.
    """

    __tablename__ = "customer_change"
    __table_args__ = (
        sa.Index("ix_customer_change_customer", "customer_id", "id"),
        sa.Index("ix_customer_change_import", "import_id", "id"),
        sa.Index(
            "ix_customer_change_unplaced",
            "id",
            postgresql_where=sa.text("position IS NULL"),
            sqlite_where=sa.text("position IS NULL"),
        ),
        sa.Index("uq_customer_change_position", "position", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(80))
    by_name: Mapped[str] = mapped_column(sa.String(100), default="")
    source: Mapped[str] = mapped_column(sa.String(40), default="")
    subject: Mapped[str] = mapped_column(sa.String(20))
    subject_key: Mapped[str] = mapped_column(sa.String(80), default="")
    act: Mapped[str] = mapped_column(sa.String(20))
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    import_id: Mapped[int | None]
    line: Mapped[int | None]
    position: Mapped[int | None] = mapped_column(sa.BigInteger)
