"""Free text over orders: number, phone, account, address, what was said.

An order whose person must stay unknown is found by its number alone: an index that knew the
name would answer whoever asks for it.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.kernel.search import SearchIndex
from app.workorders.models import WorkOrder

index = SearchIndex("order", sa.Integer())


def search_text(order: WorkOrder) -> str:
    """What an order is found by."""
    if order.secrecy != "none":
        return " ".join(part for part in (order.number, order.external_no) if part)
    return " ".join(
        part
        for part in (
            order.number,
            order.external_no,
            order.contact_name,
            order.contact_phone.removeprefix("+86"),
            order.account_no,
            order.address,
            order.transformer_area,
            order.description,
        )
        if part
    )


def titles(order: WorkOrder) -> tuple[str, str]:
    """What the order is called in task lists, in Chinese and English; never the place of a person to be kept secret."""
    if order.secrecy != "none":
        return f"保密工单 {order.number}", f"Confidential order {order.number}"
    text = order.address or order.description[:60]
    return text, text
