"""Write down what happened: timestamps, sentences of the time-line, the touch that refreshes open pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.workorders import hooks
from app.workorders.models import OrderEvent, OrderStamp, WorkOrder


@dataclass(frozen=True, slots=True)
class Place:
    """What a phone says of where and when: WGS 84 degrees, metres, its own clock, photos' file ids."""

    lat: float | None = None
    lon: float | None = None
    accuracy: float | None = None
    device_at: datetime | None = None
    photos: Sequence[Any] = field(default_factory=tuple)


def stamp(order: WorkOrder, name: str, *, actor: Actor, now: datetime, place: Place = Place()) -> datetime:
    """Set a timestamp of the order's present round, once: the first counts. Returns the instant that counts.

    Server times never fall within a round, even where two machines' clocks differ a little.
    """
    found = stamp_at(order, name)
    if found is not None:
        return found
    last = session.scalar(
        sa.select(sa.func.max(OrderStamp.at)).where(OrderStamp.order_id == order.id, OrderStamp.round == order.round)
    )
    at = max(now, last) if last else now
    session.add(
        OrderStamp(
            order_id=order.id,
            round=order.round,
            name=name,
            at=at,
            device_at=place.device_at,
            lat=place.lat,
            lon=place.lon,
            accuracy=place.accuracy,
            photos=list(place.photos),
            by=actor.ref,
        )
    )
    session.flush()
    return at


def stamp_at(order: WorkOrder, name: str) -> datetime | None:
    """The timestamp of this name in the present round."""
    return session.scalar(
        sa.select(OrderStamp.at).where(
            OrderStamp.order_id == order.id, OrderStamp.round == order.round, OrderStamp.name == name
        )
    )


def event(order: WorkOrder, kind: str, *, actor: Actor, now: datetime, params: Mapping[str, Any] | None = None) -> None:
    """Add a sentence to the order's time-line, refresh the pages that show it, tell those who follow (`hooks`)."""
    session.add(
        OrderEvent(
            order_id=order.id,
            kind=kind,
            params=dict(params or {}),
            actor=actor.ref,
            actor_name=actor.name,
            at=now,
        )
    )
    live.touch("orders", f"order:{order.id}")
    told = hooks.Happened(order.id, order.number, order.category, kind, dict(params or {}), order.crew_id, order.etr_at)
    hooks.tell(told, actor=actor, now=now)
