"""The yearly plan of visits: how many by `visit_plan`, spread over the year; begun when their time comes."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.kernel import live
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.numbering import next_number
from app.keyaccounts.days import day_of, end_of
from app.keyaccounts.models import AccountVisit, KeyAccount
from app.keyaccounts.operations.accounts import manageable
from app.keyaccounts.operations.posts import posts_for
from app.keyaccounts.operations.visits import manager_of, topic
from app.keyaccounts.queries.accounts import AccountView, find_account

PROCESS = "key_account_visit"
PLAN = "visit_plan"
PREFIX = "ZF"
MONTHS = 12


class VisitOver(Conflict):
    """The visit has been made, or is under way where it can no longer be taken back."""

    code = "visit_over"


def plan_year(number: str, year: int, *, actor: Actor, now: datetime) -> int:
    """Plan the visits of a year for one account; planned ones stay. Returns how many were added.

    Raises `AccountNotFound`, `Forbidden`.
    """
    row = manageable(number, actor=actor, now=now)
    view = find_account(number, on=day_of(now))
    assert view is not None
    return _plan(row, view, year, now=now)


def _plan(row: KeyAccount, view: AccountView, year: int, *, now: datetime) -> int:
    rule = _rule(view, now=now)
    today = day_of(now)
    kept = set(
        session.scalars(
            sa.select(AccountVisit.turn).where(AccountVisit.account_id == row.id, AccountVisit.year == year)
        )
    )
    added = 0
    for turn, due in enumerate(due_days(year, int(rule["visits"])), start=1):
        if turn in kept or due < today:
            continue
        _add(row, year, turn, due, int(rule["lead_days"]), now=now)
        added += 1
    if added:
        live.touch(topic(row.id))
    return added


def due_days(year: int, visits: int) -> list[date]:
    """The last days of `visits` even parts of a year: 4 give the ends of quarters; at most one a month."""
    parts = max(0, min(visits, MONTHS))
    ends = [round(MONTHS * (turn + 1) / parts) for turn in range(parts)]
    return [date(year, month, monthrange(year, month)[1]) for month in ends]


def plan_visit(number: str, *, due: date, purpose: str, actor: Actor, now: datetime) -> str:
    """A visit beside the plan, begun at once; returns its number. Raises `AccountNotFound`, `Forbidden`, `Invalid`."""
    row = manageable(number, actor=actor, now=now)
    if due < day_of(now):
        message = _l("This lies in the past.")
        raise Invalid(message, errors={"due": [message]})
    visit = _add(row, due.year, 0, due, 0, now=now)
    visit.purpose, visit.begin_on = purpose.strip()[:300], day_of(now)
    session.flush()
    begin(visit, actor=actor, now=now)
    return visit.number


def begin(visit: AccountVisit, *, actor: Actor, now: datetime) -> None:
    """Start the visit's process: a task for the account's manager."""
    account = session.get_one(KeyAccount, visit.account_id)
    view = find_account(account.number, on=day_of(now))
    assert view is not None
    visit.state, visit.manager = "open", manager_of(account.id, on=day_of(now))
    instance = engine.start(
        PROCESS,
        data={
            "visit_id": visit.id,
            "number": visit.number,
            "account": account.number,
            "customer": view.name,
            "importance": view.importance,
            "unit": account.unit_code,
            **posts_for(account.unit_code, now=now),
            "manager": visit.manager,
            "visit_due": end_of(visit.due_on).isoformat(),
            "link": f"/key-accounts/{account.number}",
            "hazards": [],
        },
        business_key=visit.number,
        title=f"走访：{view.name}",
        title_en=f"Visit: {view.name}",
        unit=account.unit_code,
        search=f"{visit.number} {account.number} {view.name}",
        actor=actor,
        now=now,
    )
    visit.instance_id = instance.id
    live.touch(topic(account.id))
    session.flush()


def cancel_visit(visit_number: str, *, actor: Actor, now: datetime) -> None:
    """Take a visit back that has not been made. Raises `AccountNotFound`, `Forbidden`, `VisitOver`."""
    visit = session.scalar(sa.select(AccountVisit).where(AccountVisit.number == visit_number.strip().upper()))
    if visit is None:
        raise VisitOver(_l("There is no such visit."))
    account = session.get_one(KeyAccount, visit.account_id)
    manageable(account.number, actor=actor, now=now)
    if visit.state == "planned":
        visit.state, visit.closed_at = "cancelled", now
    elif not engine.publish("visit_cancelled", correlation={"visit_id": visit.id}, actor=actor, now=now):
        raise VisitOver(_l("Visit %(number)s can no longer be taken back.", number=visit.number))
    live.touch(topic(account.id))


def begin_due(now: datetime, *, limit: int = 50) -> int:
    """Begin the planned visits whose day has come; returns how many. For the clock, which may call it twice at once."""
    rows = session.scalars(
        sa.select(AccountVisit)
        .where(AccountVisit.state == "planned", AccountVisit.begin_on <= day_of(now))
        .order_by(AccountVisit.begin_on, AccountVisit.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for visit in rows:
        begin(visit, actor=SYSTEM, now=now)
    return len(rows)


def plan_due(now: datetime, *, limit: int = 50) -> int:
    """Plan the present year for accounts that have no visit of it yet; returns how many visits were added."""
    today = day_of(now)
    planned = sa.select(AccountVisit.account_id).where(AccountVisit.year == today.year)
    rows = session.scalars(
        sa.select(KeyAccount)
        .where(KeyAccount.active, KeyAccount.id.not_in(planned))
        .order_by(KeyAccount.id)
        .limit(limit)
    ).all()
    added = 0
    for row in rows:
        view = find_account(row.number, on=today)
        added += _plan(row, view, today.year, now=now) if view else 0
    return added


def _add(row: KeyAccount, year: int, turn: int, due: date, lead_days: int, *, now: datetime) -> AccountVisit:
    visit = AccountVisit(
        number=next_number(PREFIX, now=now),
        account_id=row.id,
        plan_key=f"{row.id}-{year}-{turn}" if turn else None,
        year=year,
        turn=turn,
        unit_code=row.unit_code,
        unit_path=row.unit_path,
        begin_on=max(due - timedelta(days=lead_days), day_of(now)),
        due_on=due,
    )
    session.add(visit)
    session.flush()
    return visit


def _rule(view: AccountView, *, now: datetime) -> dict[str, Any]:
    facts = {"importance": view.importance, "capacity": float(view.contract_capacity or 0)}
    return dict(engine.decide(PLAN, facts, now=now, record=False).result or {"visits": 0, "lead_days": 0})
