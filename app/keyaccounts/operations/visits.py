"""What a visit's diagram does step by step; no rights are asked here, the diagram has decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.customers.models import CustomerNote
from app.identity import queries as people
from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.keyaccounts.days import day_of, end_of
from app.keyaccounts.models import AccountManager, AccountVisit, KeyAccount, VisitHazard
from app.keyaccounts.queries.accounts import in_charge

DONE = "done"


def topic(account_id: int) -> str:
    """The live topic of an account's page."""
    return f"keyaccount:{account_id}"


def record_visit(visit: AccountVisit, record: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Keep the record of a visit that was made; a wish is noted with the customer too."""
    visit.visited_on = record.get("visited_on") or day_of(now)
    visit.met = record.get("met", "")
    visit.findings = record.get("findings", "")
    visit.wishes = record.get("wishes", "")
    visit.satisfaction = record.get("satisfaction", "")
    visit.photos = list(record.get("photos") or ())
    visit.recorded_by, visit.state = actor.ref, "reviewing"
    if visit.wishes:
        account = session.get_one(KeyAccount, visit.account_id)
        session.add(
            CustomerNote(
                customer_id=account.customer_id,
                kind="wish",
                text=visit.wishes,
                by=actor.ref,
                by_name=actor.name,
                at=now,
            )
        )
    live.touch(topic(visit.account_id))
    session.flush()


def keep_hazards(
    visit: AccountVisit, found: Sequence[Mapping[str, Any]], days: Mapping[str, int], *, now: datetime
) -> list[VisitHazard]:
    """Keep the hazards of a record; those of an earlier version of it that still stand are replaced.

    `days` says in how many days a hazard of a severity is to be remedied.
    """
    session.execute(sa.delete(VisitHazard).where(VisitHazard.visit_id == visit.id, VisitHazard.state == "open"))
    rows = [
        VisitHazard(
            visit_id=visit.id,
            account_id=visit.account_id,
            text=str(one["hazard_text"]),
            severity=str(one["hazard_severity"]),
            due_on=day_of(now) + timedelta(days=days.get(str(one["hazard_severity"]), 0)),
        )
        for one in found
    ]
    session.add_all(rows)
    session.flush()
    if rows:
        visit.state = "following"
    return rows


def postpone_visit(visit: AccountVisit, new_due: date) -> datetime:
    """The customer asked for another day; returns the instant at which the visit is overdue then."""
    visit.due_on, visit.postponed = new_due, visit.postponed + 1
    live.touch(topic(visit.account_id))
    return end_of(new_due)


def record_follow_up(hazard: VisitHazard, *, result: str, note: str, actor: Actor, now: datetime) -> bool:
    """Keep what became of a hazard; returns whether it needs no further look."""
    hazard.result = note
    if result == "not_done":
        return False
    hazard.state = "remedied" if result == DONE else "refused"
    hazard.ended_at, hazard.ended_by = now, actor.ref
    live.touch(topic(hazard.account_id))
    return True


def record_review(visit: AccountVisit, *, accepted: bool, note: str, actor: Actor) -> None:
    """Keep the verdict of the unit's head."""
    visit.reviewed_by, visit.review_note = actor.ref, note
    visit.state = "reviewing" if accepted else "open"
    live.touch(topic(visit.account_id))


def close_visit(visit: AccountVisit, *, state: str = "closed", now: datetime) -> None:
    """The visit is over."""
    visit.state, visit.closed_at = state, now
    live.touch(topic(visit.account_id))


def manager_of(account_id: int, *, on: date) -> str:
    """Who looks after the account: a sign-in name, empty where nobody does or the account is disabled."""
    name = session.scalar(
        sa.select(AccountManager.username).where(AccountManager.account_id == account_id, in_charge(on))
    )
    return name if name and people.user_view(name) is not None else ""
