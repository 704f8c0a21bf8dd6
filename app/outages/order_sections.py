"""On the order's page: which outage the order belongs to, and why here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.network import grid as network
from app.outages import explaining, labels
from app.outages.models import Outage, TroubleCall
from app.outages.queries.view import view_of
from app.outages.rights import READ
from app.workorders import sections
from app.workorders.queries.orders import OrderView


def register() -> None:
    """Add the section."""
    sections.register(of_order)


def of_order(order: OrderView, actor: Actor, now: datetime) -> Sequence[sections.Section]:
    """The trouble call of a fault order, how it was screened, the outage and the reasons of its place."""
    if order.category != "fault_repair" or not authority.may(actor, READ, unit_path=order.unit_path, now=now):
        return []
    call = session.scalar(
        sa.select(TroubleCall).where(TroubleCall.order_id == order.id).order_by(TroubleCall.id.desc()).limit(1)
    )
    outage = session.get(Outage, call.outage_id) if call is not None and call.outage_id is not None else None
    outage = outage or session.scalar(sa.select(Outage).where(Outage.main_order_id == order.id).limit(1))
    if call is None and outage is None:
        return []
    name = network.current(now).called
    context = {
        "outage": view_of(outage) if outage else None,
        "why": explaining.explain(outage.why, name) if outage else [],
        "screening": explaining.screening(call.screening, call.screening_facts) if call else "",
        "labels": labels,
    }
    return [sections.Section("side", "outages/order_side.html", context)]
