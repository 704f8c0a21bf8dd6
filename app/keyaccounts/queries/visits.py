"""Visits and hazards as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.keyaccounts.models import OVER, AccountVisit, KeyAccount, VisitHazard


@dataclass(frozen=True, slots=True)
class VisitView:
    """The columns of a visit (`models.AccountVisit`) with the account's number."""

    id: int
    number: str
    account_id: int
    account: str
    year: int
    turn: int
    purpose: str
    begin_on: date
    due_on: date
    state: str
    manager: str
    instance_id: str | None
    visited_on: date | None
    met: str
    findings: str
    wishes: str
    satisfaction: str
    photos: Sequence[Any]
    postponed: int
    recorded_by: str
    reviewed_by: str
    review_note: str
    closed_at: datetime | None

    @property
    def open(self) -> bool:
        return self.state not in OVER


@dataclass(frozen=True, slots=True)
class HazardView:
    id: int
    visit_id: int
    account_id: int
    text: str
    severity: str
    due_on: date
    state: str
    result: str
    ended_at: datetime | None


_FIELDS = [name for name in VisitView.__dataclass_fields__ if name != "account"]


def visits_of(account_id: int, *, year: int | None = None, limit: int = 50) -> list[VisitView]:
    """Visits of an account (of one year), the next ones first."""
    query = _select().where(AccountVisit.account_id == account_id)
    if year is not None:
        query = query.where(AccountVisit.year == year)
    return _views(query.order_by(AccountVisit.due_on.desc(), AccountVisit.id.desc()).limit(limit))


def open_visits(account_ids: Sequence[int]) -> list[VisitView]:
    """Visits of these accounts that are not over, the most urgent first."""
    query = _select().where(AccountVisit.account_id.in_(account_ids), AccountVisit.state.not_in(OVER))
    return _views(query.order_by(AccountVisit.due_on, AccountVisit.id).limit(500))


def visit_by_number(number: str) -> VisitView | None:
    """One visit, without a check of rights."""
    found = _views(_select().where(AccountVisit.number == number.strip().upper()))
    return found[0] if found else None


def hazards_of(account_ids: Sequence[int], *, open_only: bool = False, limit: int = 200) -> list[HazardView]:
    """Hazards found at these accounts, newest first."""
    query = sa.select(VisitHazard).where(VisitHazard.account_id.in_(account_ids))
    if open_only:
        query = query.where(VisitHazard.state == "open")
    names = HazardView.__dataclass_fields__
    rows = session.scalars(query.order_by(VisitHazard.id.desc()).limit(limit))
    return [HazardView(**{name: getattr(row, name) for name in names}) for row in rows]


def _select() -> Any:
    return sa.select(AccountVisit, KeyAccount.number).join(KeyAccount, KeyAccount.id == AccountVisit.account_id)


def _views(query: Any) -> list[VisitView]:
    return [
        VisitView(**{name: getattr(row, name) for name in _FIELDS}, account=account)
        for row, account in session.execute(query)
    ]
