"""督办 and take-overs as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.supervision.models import OrderTakeover, SupervisionOrder, SupervisionRound
from app.supervision.queries.board import within
from app.supervision.queries.lines import Line
from app.supervision.queries.tree import View

MOST = 200
OPEN = ("answering", "evaluating")


@dataclass(frozen=True, slots=True)
class RoundView:
    """One round: the head who answers, what was answered, the verdict."""

    round: int
    head_unit: str
    due_at: datetime
    cause: str
    measures: str
    answered_by: str
    answered_at: datetime | None
    verdict: str
    note: str
    evaluated_by: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A 督办 with its rounds."""

    number: str
    order_id: int
    order_number: str
    category: str
    sub_type: str
    unit_code: str
    line: str
    reason: str
    grade: str
    request: str
    state: str
    due_at: datetime | None
    escalated: int
    issued_by: str
    issued_at: datetime
    closed_at: datetime | None
    rounds: Sequence[RoundView]

    @property
    def open(self) -> bool:
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class TakeoverView:
    """Who has an order taken over, since when and why."""

    order_number: str
    user_id: int
    reason: str
    at: datetime
    returned_at: datetime | None


def cases_of(order_id: int) -> list[CaseView]:
    """The 督办 of an order, newest first."""
    query = (
        sa.select(SupervisionOrder).where(SupervisionOrder.order_id == order_id).order_by(SupervisionOrder.id.desc())
    )
    return _views(session.scalars(query).all())


def case_named(number: str) -> CaseView | None:
    """The 督办 of this number, for those who hold its tasks."""
    found = _views(session.scalars(sa.select(SupervisionOrder).where(SupervisionOrder.number == number)).all())
    return found[0] if found else None


def cases(line: Line, view: View, *, open_only: bool) -> list[CaseView]:
    """The 督办 of a line in the units of a view: those that are due first, closed ones newest first."""
    query = sa.select(SupervisionOrder).where(line.where(SupervisionOrder), within(SupervisionOrder.unit_code, view))
    if open_only:
        query = query.where(SupervisionOrder.state.in_(OPEN)).order_by(SupervisionOrder.due_at)
    else:
        query = query.where(SupervisionOrder.state.not_in(OPEN)).order_by(SupervisionOrder.id.desc())
    return _views(session.scalars(query.limit(MOST)).all())


def cases_issued(line: Line, view: View, *, since: datetime, until: datetime) -> list[CaseView]:
    """The 督办 issued in a span of time, in their order."""
    query = (
        sa.select(SupervisionOrder)
        .where(line.where(SupervisionOrder), within(SupervisionOrder.unit_code, view))
        .where(SupervisionOrder.issued_at >= since, SupervisionOrder.issued_at < until)
        .order_by(SupervisionOrder.id)
        .limit(MOST)
    )
    return _views(session.scalars(query).all())


def takeover_of(order_id: int) -> TakeoverView | None:
    """The take-over of an order that stands."""
    row = session.scalar(
        sa.select(OrderTakeover).where(OrderTakeover.order_id == order_id, OrderTakeover.returned_at.is_(None))
    )
    return TakeoverView(row.order_number, row.user_id, row.reason, row.at, row.returned_at) if row else None


def _views(rows: Sequence[SupervisionOrder]) -> list[CaseView]:
    query = (
        sa.select(SupervisionRound)
        .where(SupervisionRound.supervision_id.in_([row.id for row in rows]))
        .order_by(SupervisionRound.round)
    )
    rounds: dict[int, list[RoundView]] = {}
    for one in session.scalars(query):
        rounds.setdefault(one.supervision_id, []).append(_round(one))
    return [_view(row, rounds.get(row.id, [])) for row in rows]


def _round(row: SupervisionRound) -> RoundView:
    return RoundView(
        row.round,
        row.head_unit,
        row.due_at,
        row.cause,
        row.measures,
        row.answered_by,
        row.answered_at,
        row.verdict,
        row.note,
        row.evaluated_by,
    )


def _view(row: SupervisionOrder, rounds: Sequence[RoundView]) -> CaseView:
    return CaseView(
        number=row.number,
        order_id=row.order_id,
        order_number=row.order_number,
        category=row.category,
        sub_type=row.sub_type,
        unit_code=row.unit_code,
        line=row.line,
        reason=row.reason,
        grade=row.grade,
        request=row.request,
        state=row.state,
        due_at=row.due_at,
        escalated=row.escalated,
        issued_by=row.issued_by,
        issued_at=row.issued_at,
        closed_at=row.closed_at,
        rounds=rounds,
    )
