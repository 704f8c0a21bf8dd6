"""Free text over orders: number, phone, account, address, what was said."""

from __future__ import annotations

import sqlalchemy as sa

from app.kernel.search import SearchIndex
from app.workorders.models import WorkOrder

index = SearchIndex("order", sa.Integer())


def search_text(order: WorkOrder) -> str:
    """What an order is found by."""
    return " ".join(
        part
        for part in (
            order.number,
            order.contact_name,
            order.contact_phone.removeprefix("+86"),
            order.account_no,
            order.address,
            order.transformer_area,
            order.description,
        )
        if part
    )
