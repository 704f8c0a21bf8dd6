"""Repeated calls (重复来电): orders of the same customer about the same kind within some days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.kernel.db import session
from app.workorders.models import WorkOrder


@dataclass(frozen=True, slots=True)
class _Call:
    id: int
    at: datetime
    kind: tuple[str, str]
    keys: frozenset[str]


def earlier_orders(rows: Sequence[WorkOrder], *, within: timedelta) -> dict[int, int]:
    """By order: how many orders of the same phone or account and the same kind came before it within the time."""
    calls = [_call(row) for row in rows]
    by_key: dict[str, dict[int, _Call]] = defaultdict(dict)
    for other in _around(calls, before=within, after=timedelta()):
        for key in other.keys:
            by_key[key][other.id] = other
    return {call.id: len(_before(call, by_key, within)) for call in calls}


def later_orders(rows: Sequence[WorkOrder], *, within: timedelta) -> set[int]:
    """The orders of the same customers within the time after these: what a changed kind makes wrong."""
    calls = [_call(row) for row in rows]
    return {other.id for other in _around(calls, before=timedelta(), after=within)} - {call.id for call in calls}


def _before(call: _Call, by_key: dict[str, dict[int, _Call]], within: timedelta) -> set[int]:
    return {
        other.id
        for key in call.keys
        for other in by_key[key].values()
        if other.kind == call.kind and (other.at, other.id) < (call.at, call.id) and call.at - other.at <= within
    }


def _around(calls: Sequence[_Call], *, before: timedelta, after: timedelta) -> list[_Call]:
    """Orders with a phone or account of these calls, reported around them: two ranges of indexes a key."""
    keys = {key for call in calls for key in call.keys}
    if not keys:
        return []
    begin, end = min(call.at for call in calls) - before, max(call.at for call in calls) + after
    order = WorkOrder
    columns = (order.id, order.reported_at, order.category, order.sub_type, order.contact_phone, order.account_no)
    queries = [
        sa.select(*columns).where(column.in_(values), order.reported_at >= begin, order.reported_at <= end)
        for column, values in (
            (order.contact_phone, sorted(key[1:] for key in keys if key[0] == "p")),
            (order.account_no, sorted(key[1:] for key in keys if key[0] == "a")),
        )
        if values
    ]
    return [_call(row) for query in queries for row in session.execute(query)]


def _call(row: WorkOrder | sa.Row[int, datetime, str, str, str, str]) -> _Call:
    keys = {f"p{row.contact_phone}"} if row.contact_phone else set()
    keys |= {f"a{row.account_no}"} if row.account_no else set()
    return _Call(row.id, row.reported_at, (row.category, row.sub_type), frozenset(keys))
