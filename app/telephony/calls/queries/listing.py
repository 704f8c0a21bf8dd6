"""The list of calls: filters, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.kernel.actor import Actor
from app.kernel.db import session
from app.telephony.calls.models import Call
from app.telephony.calls.queries.scope import number_shown, visible
from app.telephony.calls.queries.titles import titles_now

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; empty means all. `number` matches its beginning or its end."""

    number: str = ""
    account_no: str = ""
    direction: str = ""
    outcome: str = ""
    queue: str = ""
    agent: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallRow:
    """A line of the list; `number` as the reader may see it, times in seconds; `last_title` is what the last node
    is called in the flows of now, empty where it is not there."""

    id: int
    began_at: datetime
    direction: str
    number: str
    account_no: str
    outcome: str
    last_node: str
    last_title: str
    queue: str
    agent: str
    waited: int
    talked: int
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows and where the next page begins."""

    rows: list[CallRow]
    after: int | None


def calls(filters: Filters, *, paths: Sequence[str], after: int = 0, actor: Actor, now: datetime) -> Page:
    """Calls within the reader's units, newest first."""
    query = sa.select(Call).where(visible(paths), *_conditions(filters))
    if after:
        query = query.where(Call.id < after)
    found = session.scalars(query.order_by(Call.id.desc()).limit(PAGE + 1)).all()
    named = titles_now(call.last_node for call in found[:PAGE])
    rows = [_row(call, named.get(call.last_node, ""), actor=actor, now=now) for call in found[:PAGE]]
    return Page(rows, rows[-1].id if len(found) > PAGE else None)


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    conditions = []
    if filters.number:
        conditions.append(Call.number.startswith(filters.number, autoescape=True))
    for name in ("account_no", "direction", "outcome", "queue", "agent"):
        if wanted := getattr(filters, name):
            conditions.append(getattr(Call, name) == wanted)
    if filters.since:
        conditions.append(Call.began_at >= filters.since)
    if filters.until:
        conditions.append(Call.began_at < filters.until)
    return conditions


def _row(call: Call, last_title: str, *, actor: Actor, now: datetime) -> CallRow:
    lasted = int((call.ended_at - call.began_at).total_seconds()) if call.ended_at else None
    return CallRow(
        id=call.id,
        began_at=call.began_at,
        direction=call.direction,
        number=number_shown(call.number, call.unit_path, actor=actor, now=now),
        account_no=call.account_no,
        outcome=call.outcome,
        last_node=call.last_node,
        last_title=last_title,
        queue=call.queue,
        agent=call.agent,
        waited=call.waited,
        talked=call.talked,
        seconds=lasted,
    )
