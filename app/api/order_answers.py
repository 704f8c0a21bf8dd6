"""Orders as the API shows them: plain values out of queries, nothing else."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.kernel.actor import Actor
from app.workorders.labels import status_label
from app.workorders.queries import OrderDetails, order_view
from app.workorders.queries.duplicates import possible_duplicates
from app.workorders.queries.listing import Row
from app.workorders.queries.orders import OrderView
from app.workorders.queries.scope import masked
from app.workorders.sentences import sentence


def line(row: Row, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """An order of a list with the limit that ends next."""
    return {**_order(masked(row.order, actor=actor, now=now)), "next_limit": row.stage, "due_at": row.due_at}


def detail(found: OrderDetails) -> dict[str, Any]:
    """One order with its history."""
    running = sorted((limit for limit in found.limits if limit.state == "running"), key=lambda limit: limit.due_at)
    return {
        **_order(found.order),
        "next_limit": running[0].stage if running else None,
        "due_at": running[0].due_at if running else None,
        "main_order": found.main.number if found.main else None,
        "attached": [child.number for child in found.children],
        "reminders": found.reminders,
        "stamps": found.stamps,
        "limits": found.limits,
        "timeline": [
            {
                "kind": event.kind,
                "text": sentence(event.kind, event.params, names=found.names, at=event.at),
                "at": event.at,
                "by": event.actor_name or event.actor,
            }
            for event in found.events
        ],
    }


def created(order: OrderView, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A new order and what may be about the same fault in the unit's own orders."""
    twins = possible_duplicates(
        unit_path=order.unit_path,
        account_no=order.account_no,
        phone=order.contact_phone,
        address=order.address,
        transformer_area=order.transformer_area,
        now=now,
        exclude=order.id,
        category=order.category,
        actor=actor,
    )
    return detail(order_view(order.number, actor=actor, now=now)) | {
        "possible_duplicates": [
            {"number": twin.order.number, "reasons": twin.reasons, "reported_at": twin.order.reported_at}
            for twin in twins
        ]
    }


def _order(order: OrderView) -> dict[str, Any]:
    return {
        **asdict(order),
        "phone": order.phone,
        "unit": order.unit_code,
        "status_text": str(status_label(order.status)),
    }
