"""The dispatchers' board (停电监控台): outages under way as rows, the most pressing first, and their sums.

A few statements whatever the number of rows. Each row has a `mark`, a short hash of what it shows: a page
asks which marks changed and fetches only those rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import blake2s

import sqlalchemy as sa

from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.network import grid
from app.network.grid import Grid
from app.outages.called import Called
from app.outages.models import OVER, Outage, OutageEtr, OutageStep
from app.outages.places import Place, first_place
from app.outages.queries.board_limits import Limit, Waiting, colour_of, colours, running_limits
from app.outages.queries.callbacks import order_callbacks
from app.workorders.models import Crew, WorkOrder
from app.workorders.queries.crew_work import AT_WORK

PLANNING = frozenset({"drafted", "reviewed", "approved", "noticed"})
"""Planned outages that have not begun: shown only when asked for."""

BACK = frozenset({"restored", "verifying"})
"""States in which everybody has supply again."""

LEVELS = ("special", "first", "second", "temporary")
"""Grades of important customers (重要客户), the highest first."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the board is wanted; empty means everything under way."""

    statuses: Collection[str] = ()
    nature: str = ""
    important: bool = False
    feeder: str = ""
    text: str = ""
    unit_path: str = ""
    storm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Called):
    """One outage of the board, in codes; `sla` is the colour of its limit.

    `callbacks_pending` customers are yet to be asked by the outage's verification, `order_callbacks` by the orders
    that reported it; none before supply is back.
    """

    id: int
    number: str
    nature: str
    kind: str
    status: str
    locked: bool
    device_code: str
    device_name: str
    device_name_en: str
    device_kind: str
    feeder_code: str
    feeder_name: str
    feeder_name_en: str
    zone: str
    unit_code: str
    unit_path: str
    started_at: datetime
    planned_from: datetime | None
    planned_to: datetime | None
    restored_at: datetime | None
    customers_total: int
    customers_out: int
    customers_restored: int
    calls: int
    important: int
    important_level: str
    hazard: str
    cause: str
    cause_note: str
    crew_id: int | None
    crew: str
    crew_en: str
    crew_status: str
    order_number: str
    etr_at: datetime | None
    etr_source: str
    etr_changes: int
    callbacks_pending: int
    order_callbacks: int
    priority: int
    parent_id: int | None
    storm_id: int | None
    limit: Limit | None = None
    sla: str = ""
    mark: str = ""

    @property
    def callbacks(self) -> int:
        """How many customers are still to be called back."""
        return self.callbacks_pending + self.order_callbacks

    @property
    def active(self) -> bool:
        """Whether somebody is, or is believed to be, without supply."""
        return self.status not in PLANNING and self.status not in OVER


@dataclass(frozen=True, slots=True)
class Totals:
    """The strip above the board."""

    outages: int
    important: int
    customers_out: int
    restored_today: int
    calls: int
    late: int
    callbacks: int
    oldest: datetime | None
    crews_on_duty: int
    crews_free: int


def rows(filters: Filters, *, paths: Sequence[str], now: datetime, ids: Collection[int] | None = None) -> list[Row]:
    """The outages under these paths that pass the filters (of `ids` only these), the most pressing first."""
    found = list(session.execute(_query(filters, paths, ids)))
    limits = running_limits([record.order_id for record in found if record.order_id is not None])
    waiting, steps = Waiting(now), colours(now=now)
    owed = order_callbacks([record.id for record in found if record.status in BACK])
    made = []
    for record in found:
        limit = limits.get(record.order_id) if record.order_id is not None else _waits(record, waiting)
        sla = colour_of(limit.share(now), steps) if limit else ""
        made.append(_row(record, limit, sla, owed.get(record.id, 0)))
    return sorted(made, key=pressing)


def pressing(row: Row) -> tuple[int, int, int, int, datetime]:
    """Sorts the most pressing first: supply is out, important customers, priority, customers out, the oldest."""
    level = LEVELS.index(row.important_level) if row.important and row.important_level in LEVELS else len(LEVELS)
    done = 0 if row.status not in BACK else 1
    if row.status in PLANNING:
        done = 2
    return done, level, -row.priority, -row.customers_out, row.started_at


def totals(found: Sequence[Row], *, paths: Sequence[str], now: datetime) -> Totals:
    """Sums of the rows shown, with what was restored today and the crews of these paths."""
    active = [row for row in found if row.active]
    out = [row for row in active if row.customers_out]
    midnight = datetime.combine(now.astimezone(LOCAL).date(), time(), LOCAL)
    restored = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(OutageStep.customers), 0))
        .join(Outage, Outage.id == OutageStep.outage_id)
        .where(OutageStep.kind == "restored", OutageStep.at >= midnight, under(Outage.unit_path, paths))
    )
    on_duty, free = _crews(paths)
    return Totals(
        outages=len(active),
        important=sum(1 for row in active if row.important),
        customers_out=sum(row.customers_out for row in active),
        restored_today=int(restored or 0),
        calls=sum(row.calls for row in active),
        late=sum(1 for row in active if row.limit is not None and row.limit.share(now) >= 100),
        callbacks=sum(row.callbacks for row in active),
        oldest=min((row.started_at for row in out), default=None),
        crews_on_duty=on_duty,
        crews_free=free,
    )


def places(found: Sequence[Row], *, now: datetime) -> dict[int, Place]:
    """Where the outages are on the map; those without a place are missing."""
    present: Grid = grid.current(now)
    found_places = {row.id: first_place(present, (row.device_code, row.feeder_code)) for row in found}
    return {outage: place for outage, place in found_places.items() if place is not None}


def under(
    column: sa.ColumnElement[str] | sa.orm.InstrumentedAttribute[str], paths: Sequence[str]
) -> sa.ColumnElement[bool]:
    """SQL: the column is a path under one of these."""
    if "/" in paths:
        return sa.true()
    return sa.or_(sa.false(), *(column.startswith(path, autoescape=True) for path in paths))


JOINED = {
    *("crew", "crew_en", "crew_status", "order_number", "order_callbacks", "etr_changes"),
    *("limit", "sla", "mark"),
}
PLAIN = tuple(name for name in Row.__slots__ if name not in JOINED)
"""The columns of `outage` that a row shows as they are."""


def _query(filters: Filters, paths: Sequence[str], ids: Collection[int] | None) -> sa.Select[tuple[object, ...]]:
    changes = sa.select(OutageEtr.outage_id, sa.func.count().label("changes")).group_by(OutageEtr.outage_id).subquery()
    query = (
        sa.select(
            *(getattr(Outage, name) for name in PLAIN),
            WorkOrder.id.label("order_id"),
            WorkOrder.number.label("order_number"),
            WorkOrder.status.label("order_status"),
            Crew.name.label("crew"),
            Crew.name_en.label("crew_en"),
            changes.c.changes,
        )
        .outerjoin(WorkOrder, WorkOrder.id == Outage.main_order_id)
        .outerjoin(Crew, Crew.id == Outage.crew_id)
        .outerjoin(changes, changes.c.outage_id == Outage.id)
        .where(under(Outage.unit_path, paths))
    )
    for condition in _conditions(filters, ids):
        query = query.where(condition)
    return query


def _conditions(filters: Filters, ids: Collection[int] | None) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if filters.statuses:
        found.append(Outage.status.in_(sorted(filters.statuses)))
    else:
        found.append(sa.text("outage.status NOT IN ('closed', 'cancelled')"))  # type: ignore[arg-type]
        if filters.nature not in {"planned", "temporary"}:
            found.append(Outage.status.not_in(sorted(PLANNING)))
    if filters.nature:
        found.append(Outage.nature == filters.nature)
    elif not filters.text:  # one customer each, cut off and reconnected by billing: asked for, or looked for
        found.append(Outage.nature != "arrears")
    if filters.important:
        found.append(Outage.important > 0)
    if filters.feeder:
        found.append(Outage.feeder_code == filters.feeder)
    if filters.unit_path:
        found.append(Outage.unit_path.startswith(filters.unit_path, autoescape=True))
    if filters.storm is not None:
        found.append(Outage.storm_id == filters.storm)
    if filters.text:
        columns = (
            *(Outage.number, Outage.device_code, Outage.zone),
            *(Outage.device_name, Outage.device_name_en, Outage.feeder_name, Outage.feeder_name_en),
        )
        found.append(sa.or_(*(column.icontains(filters.text, autoescape=True) for column in columns)))
    if ids is not None:
        found.append(Outage.id.in_(list(ids)))
    return found


def _waits(record: sa.Row[tuple[object, ...]], waiting: Waiting) -> Limit | None:
    """The limit of an outage that has no order yet."""
    if record.nature != "unplanned" or record.status in PLANNING or record.status in OVER:
        return None
    return waiting.limit(
        status=record.status,
        important=record.important > 0,
        storm=record.storm_id is not None,
        since=record.started_at,
    )


def _row(record: sa.Row[tuple[object, ...]], limit: Limit | None, sla: str, order_callbacks: int) -> Row:
    values = {name: getattr(record, name) for name in PLAIN}
    values |= {
        "crew": record.crew or "",
        "crew_en": record.crew_en or "",
        "crew_status": record.order_status or "" if record.crew else "",
        "order_number": record.order_number or "",
        "order_callbacks": order_callbacks,
        "etr_changes": record.changes or 0,
        "limit": limit,
        "sla": sla,
    }
    mark = blake2s(repr(list(values.values())).encode(), digest_size=6).hexdigest()
    return Row(**values, mark=mark)


def _crews(paths: Sequence[str]) -> tuple[int, int]:
    """How many crews are on duty, and how many of them have no order."""
    busy = sa.exists().where(WorkOrder.crew_id == Crew.id, WorkOrder.status.in_(sorted(AT_WORK)))
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((busy, 0), else_=1)), 0)).where(
        Crew.active, Crew.on_duty, under(Crew.unit_path, paths)
    )
    on_duty, free = session.execute(query).one()
    return int(on_duty), int(free)
