"""A key account (大客户): why it is one, who looks after it, what it can fall back on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class KeyAccount(Base):
    """A customer that is looked after by an account manager.

    `contract_demand` is the maximum demand agreed (合同最大需量, kW), `security_load` the load that must
    not fail (保安负荷, kW), `contract_until` the last day of the supply contract. The importance itself is
    `customer.importance`; `next_review_on` is when its criteria are looked at again.
    """

    __tablename__ = "key_account"
    __table_args__ = (sa.Index("ix_key_account_scope", "unit_path", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), unique=True)
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    active: Mapped[bool] = mapped_column(default=True)
    since: Mapped[date]
    contract_demand: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    security_load: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    contract_until: Mapped[date | None]
    next_review_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)


class AccountManager(Base):
    """Who looked after an account in [valid_from, valid_to): rows are added and ended, never rewritten."""

    __tablename__ = "account_manager"
    __table_args__ = (
        sa.Index("ix_account_manager_account", "account_id", "valid_from"),
        sa.Index("ix_account_manager_user", "username", "valid_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("key_account.id"))
    username: Mapped[str] = mapped_column(sa.String(80))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    appointed_by: Mapped[str] = mapped_column(sa.String(80))
    appointed_at: Mapped[datetime]


class BackupSupply(Base):
    """What keeps a customer running when the main supply fails (备用电源, 自备应急电源).

    `kind` is `second_line` (another line of the utility), `generator`, `ups` or `other`; `capacity` is kVA,
    `transfer_minutes` how long the change-over takes, `interlocked` whether it cannot feed back into the grid.
    """

    __tablename__ = "backup_supply"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("key_account.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(100), default="")
    line_code: Mapped[str] = mapped_column(sa.String(40), default="")
    capacity: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    transfer_minutes: Mapped[Decimal | None] = mapped_column(sa.Numeric(8, 2))
    interlocked: Mapped[bool] = mapped_column(default=False)
    tested_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(300), default="")


class ImportanceReview(Base):
    """A judgement of a customer's importance: the criteria as answered, the rule that decided, before and after."""

    __tablename__ = "importance_review"
    __table_args__ = (sa.Index("ix_importance_review_account", "account_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("key_account.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(80))
    criteria: Mapped[dict[str, Any]]
    before: Mapped[str] = mapped_column(sa.String(20))
    after: Mapped[str] = mapped_column(sa.String(20))
    basis: Mapped[str] = mapped_column(sa.String(300), default="")
    next_on: Mapped[date]
