"""Notices of cutting off as lists show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.billing.models import OPEN_NOTICE, CutOffNotice
from app.billing.queries.arrears import under
from app.customers.models import Customer
from app.kernel.db import session

PAGE = 50


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice and where it stands."""

    id: int
    number: str
    state: str
    arrears: Decimal
    unit_code: str
    instance_id: str | None
    begun_at: datetime
    cut_from: datetime | None
    cut_at: datetime | None
    restore_due: datetime | None
    restored_at: datetime | None
    reason: str
    customer: str
    name: str
    address: str
    unit_path: str


def notices(
    *, paths: Sequence[str], only_open: bool = True, before: int | None = None, limit: int = PAGE
) -> list[NoticeRow]:
    """Notices under these path prefixes, newest first, a page by key."""
    own: list[Any] = [getattr(CutOffNotice, name) for name in list(NoticeRow.__dataclass_fields__)[:12]]
    columns: list[Any] = [*own, Customer.number, Customer.name, Customer.address, CutOffNotice.unit_path]
    query = (
        sa.select(*columns)
        .join(Customer, Customer.id == CutOffNotice.customer_id)
        .where(under(CutOffNotice.unit_path, paths))
        .order_by(CutOffNotice.id.desc())
        .limit(limit)
    )
    if only_open:
        query = query.where(CutOffNotice.state.in_(OPEN_NOTICE))
    if before is not None:
        query = query.where(CutOffNotice.id < before)
    return [NoticeRow(*row) for row in session.execute(query)]
