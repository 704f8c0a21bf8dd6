"""Everything known about one order, for its page, its print and the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel.actor import Actor
from app.kernel.db import session
from app.workorders.models import (
    Callback,
    OrderAssistant,
    OrderEtr,
    OrderEvent,
    OrderProgress,
    OrderReminder,
    OrderStamp,
    WorkOrder,
)
from app.workorders.queries.codes import CodeView, all_names
from app.workorders.queries.crews import CrewView, crew_view
from app.workorders.queries.limits import LimitView, limits_of
from app.workorders.queries.orders import OrderView, children, order_by_number, view
from app.workorders.queries.scope import masked, require_readable


@dataclass(frozen=True, slots=True)
class StampView:
    """A timestamp with where it was set (degrees, metres) and the phone's own time."""

    name: str
    round: int
    at: datetime
    device_at: datetime | None
    lat: float | None
    lon: float | None
    accuracy: float | None
    photos: Sequence[Any]
    by: str


@dataclass(frozen=True, slots=True)
class EventView:
    """One event of the time-line: `sentences.sentence` makes words of it."""

    kind: str
    params: dict[str, Any]
    actor: str
    actor_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CallbackView:
    round: int
    attempt: int
    result: str
    satisfaction: str
    opinion: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AssistantView:
    unit_code: str
    request: str
    state: str
    result: str
    asked_at: datetime
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """An order with its history; `order` is masked for those who may not see customers' data."""

    order: OrderView
    unit: UnitView | None
    crew: CrewView | None
    main: OrderView | None
    children: Sequence[OrderView]
    stamps: Sequence[StampView]
    events: Sequence[EventView]
    limits: Sequence[LimitView]
    etrs: Sequence[tuple[datetime, str, str]]
    callbacks: Sequence[CallbackView]
    assistants: Sequence[AssistantView]
    reminders: int
    progress: int
    names: dict[tuple[str, str], CodeView]


def order_view(number: str, *, actor: Actor, now: datetime) -> OrderDetails:
    """An order by its number. Raises `OrderNotFound`, `Forbidden`."""
    plain = view(order_by_number(number))
    require_readable(plain, actor=actor, now=now)
    return details(plain, actor=actor, now=now)


def details(plain: OrderView, *, actor: Actor, now: datetime) -> OrderDetails:
    """The details of an order whose reader has been checked."""
    main = session.get(WorkOrder, plain.main_order_id) if plain.main_order_id else None
    return OrderDetails(
        order=masked(plain, actor=actor, now=now),
        unit=people.unit_by_code(plain.unit_code, at=now),
        crew=crew_view(plain.crew_id) if plain.crew_id else None,
        main=masked(view(main), actor=actor, now=now) if main else None,
        children=[masked(child, actor=actor, now=now) for child in children(plain.id)],
        stamps=[_stamp(row) for row in _rows(OrderStamp, plain.id, OrderStamp.round, OrderStamp.at)],
        events=[_event(row) for row in _rows(OrderEvent, plain.id)],
        limits=limits_of(plain.id),
        etrs=[(row.etr_at, row.source, row.reason) for row in _rows(OrderEtr, plain.id)],
        callbacks=[_callback(row) for row in _rows(Callback, plain.id)],
        assistants=[_assistant(row) for row in _rows(OrderAssistant, plain.id)],
        reminders=len(_rows(OrderReminder, plain.id)),
        progress=len(_rows(OrderProgress, plain.id)),
        names=all_names(),
    )


def _rows(model: Any, order_id: int, *order: Any) -> list[Any]:
    return list(session.scalars(sa.select(model).where(model.order_id == order_id).order_by(*order, model.id)))


def _stamp(row: OrderStamp) -> StampView:
    return StampView(
        row.name, row.round, row.at, row.device_at, row.lat, row.lon, row.accuracy, tuple(row.photos), row.by
    )


def _event(row: OrderEvent) -> EventView:
    return EventView(row.kind, dict(row.params), row.actor, row.actor_name, row.at)


def _callback(row: Callback) -> CallbackView:
    return CallbackView(row.round, row.attempt, row.result, row.satisfaction, row.opinion, row.by, row.at)


def _assistant(row: OrderAssistant) -> AssistantView:
    return AssistantView(row.unit_code, row.request, row.state, row.result, row.asked_at, row.replied_at)
