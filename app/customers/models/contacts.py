"""Whom to speak to about a customer: owner, finance, electrician, duty room (联系人)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.customers.models.columns import beginning_index
from app.kernel.db import Base


class Contact(Base):
    """`phone` is normal (`customers.phones.normalise`), `phone_as_given` what was written.

    `phone_reversed` is the digits from the last to the first, so that an index finds a phone by its end.
    """

    __tablename__ = "contact"
    __table_args__ = (
        sa.Index("ix_contact_phone", "phone"),
        beginning_index("ix_contact_phone_reversed", "phone_reversed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80), default="")
    role: Mapped[str] = mapped_column(sa.String(20), default="contact")
    phone: Mapped[str] = mapped_column(sa.String(32), default="")
    phone_reversed: Mapped[str] = mapped_column(sa.String(32), default="")
    phone_as_given: Mapped[str] = mapped_column(sa.String(60), default="")
    email: Mapped[str] = mapped_column(sa.String(120), default="")
    fax: Mapped[str] = mapped_column(sa.String(32), default="")
    preferred: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(sa.String(300), default="")
