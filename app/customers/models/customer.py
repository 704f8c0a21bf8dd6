"""The customer (用电户) and the premises (用电地址) where electricity is used."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.customers.models.columns import beginning_index
from app.kernel.db import Base


class Premises(Base):
    """Where electricity is used: address, unit in charge, and the place in the grid.

    `zone` is the address zone of the grid model, `transformer_code` the transformer area (台区),
    `line_code` the feeder; latitude and longitude are WGS 84 degrees.
    """

    __tablename__ = "premises"
    __table_args__ = (
        sa.Index("ix_premises_transformer", "transformer_code"),
        sa.Index("ix_premises_line", "line_code"),
        sa.Index(
            "ix_premises_meter_box",
            "meter_box",
            sqlite_where=sa.text("meter_box <> ''"),
            postgresql_where=sa.text("meter_box <> ''"),
        ),
        sa.Index("ix_premises_scope", "unit_path", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(300))
    address_key: Mapped[str] = mapped_column(sa.String(300), default="", index=True)
    area: Mapped[str] = mapped_column(sa.String(10), default="urban")
    zone: Mapped[str] = mapped_column(sa.String(40), default="")
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    transformer_code: Mapped[str] = mapped_column(sa.String(40), default="")
    line_code: Mapped[str] = mapped_column(sa.String(40), default="")
    meter_box: Mapped[str] = mapped_column(sa.String(40), default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]


class Customer(Base):
    """One account (户). `number` (户号) names it for people and other systems, for ever.

    `address` is the premises' address, copied for lists and search. Capacities are kVA, `balance`
    yuan held in advance. An identity number is never stored: `identity_hash` (keyed) compares it,
    `identity_masked` shows it; `credit_code` (统一社会信用代码) is public and kept. `source` says
    which system the row came from and `source_ref` how it is called there.
    """

    __tablename__ = "customer"
    __table_args__ = (
        beginning_index("ix_customer_number_beginning", "number"),
        beginning_index("ix_customer_name_key", "name_key"),
        beginning_index("ix_customer_scope", "unit_path", "id"),
        sa.Index("ix_customer_segment", "segment_code", "number"),
        sa.Index("ix_customer_query_code", "query_code"),
        sa.Index("ix_customer_premises", "premises_id"),
        sa.Index("ix_customer_important", "importance", "unit_path"),
        sa.Index("ix_customer_source", "source", "source_ref"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200), default="")
    premises_id: Mapped[int] = mapped_column(sa.ForeignKey("premises.id"))
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))

    kind: Mapped[str] = mapped_column(sa.String(20), default="lv_resident")
    category: Mapped[str] = mapped_column(sa.String(40), default="")
    industry: Mapped[str] = mapped_column(sa.String(40), default="")
    voltage: Mapped[str] = mapped_column(sa.String(20), default="")
    contract_capacity: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    running_capacity: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    load_nature: Mapped[str] = mapped_column(sa.String(20), default="")
    importance: Mapped[str] = mapped_column(sa.String(20), default="none")
    segment_code: Mapped[str] = mapped_column(sa.String(40), default="")
    tariff_code: Mapped[str] = mapped_column(sa.String(40), default="")

    status: Mapped[str] = mapped_column(sa.String(20), default="active")
    cut_off: Mapped[bool] = mapped_column(default=False)
    cut_off_at: Mapped[datetime | None]
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]

    query_code: Mapped[str] = mapped_column(sa.String(40), default="")
    query_password_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    identity_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    identity_last4_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    identity_masked: Mapped[str] = mapped_column(sa.String(40), default="")
    credit_code: Mapped[str] = mapped_column(sa.String(18), default="")
    balance: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2), default=Decimal(0))

    source: Mapped[str] = mapped_column(sa.String(40), default="")
    source_ref: Mapped[str] = mapped_column(sa.String(80), default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)
