"""What stands behind one outage: its calls, its sentences, the outages it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.outages.models import Outage, OutageEvent, TroubleCall
from app.outages.queries.view import OutageView
from app.workorders.models import WorkOrder
from app.workorders.queries.scope import REVEAL, mask

MOST = 200
"""Calls and sentences shown at once; a page says how many there are."""


@dataclass(frozen=True, slots=True)
class CallView:
    """A trouble call as its reader may see it."""

    id: int
    revision: int
    source: str
    order_number: str
    account_no: str
    phone: str
    address: str
    zone: str
    transformer_code: str
    reported_at: datetime
    device_at: datetime | None
    received_at: datetime
    screening: str
    screening_facts: Mapping[str, Any]
    state: str
    placed_by: str
    suspect: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """One sentence's kind and parameters."""

    at: datetime
    kind: str
    params: Mapping[str, Any]
    actor: str
    actor_name: str


@dataclass(frozen=True, slots=True)
class Linked:
    """Another outage by number, and how it is linked: parent, nested or into."""

    link: str
    number: str
    status: str
    device: str


@dataclass(frozen=True, slots=True)
class Behind:
    """All of it."""

    calls: Sequence[CallView]
    events: Sequence[EventView]
    linked: Sequence[Linked]
    main_order: str


def behind(outage: OutageView, *, actor: Actor, now: datetime) -> Behind:
    """What the page of an outage shows besides its columns; persons are masked as everywhere."""
    open_to = authority.may(actor, REVEAL, unit_path=outage.unit_path, now=now)
    main = session.get(WorkOrder, outage.main_order_id) if outage.main_order_id is not None else None
    return Behind(
        calls=calls_of(outage.id, masked=not open_to),
        events=_events(outage.id),
        linked=_linked(outage),
        main_order=main.number if main else "",
    )


def calls_of(outage_id: int, *, masked: bool) -> list[CallView]:
    """The calls of an outage, the latest first. Who asked for secrecy is never shown here."""
    query = (
        sa.select(TroubleCall, WorkOrder.secrecy)
        .outerjoin(WorkOrder, WorkOrder.id == TroubleCall.order_id)
        .where(TroubleCall.outage_id == outage_id)
        .order_by(TroubleCall.reported_at.desc(), TroubleCall.id.desc())
        .limit(MOST)
    )
    return [call_view(call, masked=masked or secrecy not in (None, "none")) for call, secrecy in session.execute(query)]


def call_view(call: TroubleCall, *, masked: bool) -> CallView:
    """A call as a reader may see it."""
    return CallView(
        id=call.id,
        revision=call.revision,
        source=call.source,
        order_number=call.order_number,
        account_no=mask(call.account_no) if masked else call.account_no,
        phone=mask(call.phone) if masked else call.phone,
        address=call.address,
        zone=call.zone,
        transformer_code=call.transformer_code,
        reported_at=call.reported_at,
        device_at=call.device_at,
        received_at=call.received_at,
        screening=call.screening,
        screening_facts=call.screening_facts,
        state=call.state,
        placed_by=call.placed_by,
        suspect=call.suspect,
    )


def _events(outage_id: int) -> list[EventView]:
    rows = session.scalars(
        sa.select(OutageEvent).where(OutageEvent.outage_id == outage_id).order_by(OutageEvent.id.desc()).limit(MOST)
    )
    return [EventView(row.at, row.kind, row.params, row.actor, row.actor_name) for row in rows]


def _linked(outage: OutageView) -> list[Linked]:
    links: list[tuple[str, sa.ColumnElement[bool]]] = [
        ("parent", Outage.id == outage.parent_id),
        ("into", Outage.id == outage.joined_into_id),
        ("nested", Outage.parent_id == outage.id),
    ]
    return [
        Linked(link, row.number, row.status, row.device)
        for link, where in links
        for row in session.scalars(sa.select(Outage).where(where).order_by(Outage.id).limit(20))
    ]
