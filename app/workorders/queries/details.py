"""Everything known about one order, for its page, its print and the API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel.actor import Actor
from app.kernel.db import session
from app.notify.queries import DeliveryView, deliveries_of
from app.workorders.models import (
    Callback,
    OrderAssistant,
    OrderEtr,
    OrderEvent,
    OrderProgress,
    OrderReminder,
    OrderStage,
    OrderStamp,
    WorkOrder,
)
from app.workorders.queries.codes import CodeView, all_names
from app.workorders.queries.crews import CrewView, crew_view
from app.workorders.queries.limits import LimitView, limits_of
from app.workorders.queries.orders import OrderView, children, order_by_number, view
from app.workorders.queries.scope import masked, require_readable
from app.workorders.queries.secrecy import deep, hidden_from, redactor

Clean = Callable[[str], str]


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
class StageView:
    """What a stage brought; `values` by the keys of its form."""

    stage: str
    round: int
    values: dict[str, Any]
    by: str
    at: datetime


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
    stages: Sequence[StageView]
    deliveries: Sequence[DeliveryView]
    secret: bool
    names: dict[tuple[str, str], CodeView]


def order_view(number: str, *, actor: Actor, now: datetime) -> OrderDetails:
    """An order by its number. Raises `OrderNotFound`, `Forbidden`."""
    plain = view(order_by_number(number))
    require_readable(plain, actor=actor, now=now)
    return details(plain, actor=actor, now=now)


def details(plain: OrderView, *, actor: Actor, now: datetime) -> OrderDetails:
    """The details of an order whose reader has been checked; every text passes the gate of secrecy."""
    hidden = hidden_from(plain, actor=actor, now=now)
    clean = redactor(plain) if hidden else str
    main = session.get(WorkOrder, plain.main_order_id) if plain.main_order_id else None
    return OrderDetails(
        order=masked(plain, actor=actor, now=now),
        unit=people.unit_by_code(plain.unit_code, at=now),
        crew=crew_view(plain.crew_id) if plain.crew_id else None,
        main=masked(view(main), actor=actor, now=now) if main else None,
        children=[masked(child, actor=actor, now=now) for child in children(plain.id)],
        stamps=[_stamp(row, hidden=hidden) for row in _rows(OrderStamp, plain.id, OrderStamp.round, OrderStamp.at)],
        events=[_event(row, clean) for row in _rows(OrderEvent, plain.id)],
        limits=limits_of(plain.id),
        etrs=[(row.etr_at, row.source, row.reason) for row in _rows(OrderEtr, plain.id)],
        callbacks=[_callback(row, clean) for row in _rows(Callback, plain.id)],
        assistants=[_assistant(row, clean) for row in _rows(OrderAssistant, plain.id)],
        reminders=len(_rows(OrderReminder, plain.id)),
        progress=len(_rows(OrderProgress, plain.id)),
        stages=[_stage(row, clean) for row in _rows(OrderStage, plain.id)],
        deliveries=_deliveries(plain, hidden=hidden),
        secret=hidden,
        names=all_names(),
    )


def _rows(model: Any, order_id: int, *order: Any) -> list[Any]:
    return list(session.scalars(sa.select(model).where(model.order_id == order_id).order_by(*order, model.id)))


def _stamp(row: OrderStamp, *, hidden: bool) -> StampView:
    where = (None, None, None, ()) if hidden else (row.lat, row.lon, row.accuracy, tuple(row.photos))
    return StampView(row.name, row.round, row.at, row.device_at, *where, row.by)


def _event(row: OrderEvent, clean: Clean) -> EventView:
    return EventView(row.kind, deep(dict(row.params), clean), row.actor, row.actor_name, row.at)


def _callback(row: Callback, clean: Clean) -> CallbackView:
    return CallbackView(row.round, row.attempt, row.result, row.satisfaction, clean(row.opinion), row.by, row.at)


def _assistant(row: OrderAssistant, clean: Clean) -> AssistantView:
    return AssistantView(row.unit_code, clean(row.request), row.state, clean(row.result), row.asked_at, row.replied_at)


def _stage(row: OrderStage, clean: Clean) -> StageView:
    return StageView(row.stage, row.round, deep(dict(row.values), clean), row.by, row.at)


def _deliveries(order: OrderView, *, hidden: bool) -> list[DeliveryView]:
    """What was sent about the order; nothing of it where the reader must not know to whom."""
    return [] if hidden else deliveries_of("order", order.number)
