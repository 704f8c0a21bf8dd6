"""Outages as records of customers, for packages beside this one (`customers.records`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import url_for

from app.customers.models import Customer
from app.customers.records import Record, records
from app.kernel.db import session
from app.outages.labels import NATURE, STATUS, label
from app.outages.models import Outage, OutageCustomer

MOST = 2000
"""Rows read at once: more than any list or report of key accounts shows."""


@records("outages")
def outages_of(
    numbers: Sequence[str], *, since: datetime | None, until: datetime | None, open_only: bool
) -> Mapping[str, Sequence[Record]]:
    """When these customers were without supply, and for how long, newest first."""
    query = (
        sa.select(Customer.number, Outage, OutageCustomer)
        .join(OutageCustomer, OutageCustomer.customer_id == Customer.id)
        .join(Outage, Outage.id == OutageCustomer.outage_id)
        .where(Customer.number.in_(numbers))
    )
    if since is not None:
        query = query.where(OutageCustomer.out_at >= since)
    if until is not None:
        query = query.where(OutageCustomer.out_at < until)
    if open_only:
        query = query.where(OutageCustomer.active)
    found: dict[str, list[Record]] = defaultdict(list)
    for number, outage, member in session.execute(query.order_by(OutageCustomer.out_at.desc()).limit(MOST)):
        minutes = (member.restored_at - member.out_at).total_seconds() / 60 if member.restored_at else None
        found[number].append(
            Record(
                number=outage.number,
                title=" ".join(part for part in (label(NATURE, outage.nature), outage.device) if part),
                state=label(STATUS, outage.status),
                open=member.active,
                at=member.out_at,
                ended_at=member.restored_at,
                minutes=round(minutes) if minutes is not None else None,
                link=url_for("outages.outage", number=outage.number),
            )
        )
    return found
