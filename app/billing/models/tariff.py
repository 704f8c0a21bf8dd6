"""Tariffs (电价), other rules of billing, and the terms of a customer's contract, each with its dates of validity."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Tariff(Base):
    """One version of a tariff, in force in [valid_from, valid_to). `rules` is what `billing.rules` reads.

    `source` names the document the prices come from. A version that bills refer to stays.
    """

    __tablename__ = "tariff"
    __table_args__ = (sa.UniqueConstraint("code", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    rules: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(sa.String(300), default="")


class BillingRule(Base):
    """Rules beside the tariffs (`power_factor`, `late_fee`, `readings`, `payment`); [valid_from, valid_to)."""

    __tablename__ = "billing_rule"
    __table_args__ = (sa.UniqueConstraint("code", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    rules: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(sa.String(300), default="")


class BillingTerms(Base):
    """What a customer's contract says from day to day, where it says more than the customer's own row.

    `tariff_code` goes before the customer's; `capacity` is kVA, `contract_demand` kW; `household` the people
    of a large household; `loss_rate` the share of line and transformer losses borne by a customer metered on
    the low side, `loss_fixed` kWh of losses a month; `do_not_cut` keeps supply on despite arrears.
    """

    __tablename__ = "billing_terms"
    __table_args__ = (sa.UniqueConstraint("customer_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    tariff_code: Mapped[str] = mapped_column(sa.String(40), default="")
    capacity: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    contract_demand: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    household: Mapped[int] = mapped_column(default=0)
    loss_rate: Mapped[Decimal] = mapped_column(sa.Numeric(8, 5), default=Decimal(0))
    loss_fixed: Mapped[Decimal] = mapped_column(sa.Numeric(12, 3), default=Decimal(0))
    do_not_cut: Mapped[str] = mapped_column(sa.String(200), default="")
