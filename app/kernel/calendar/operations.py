"""Declaring days worked or free, and listing what was declared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.calendar.models import CalendarDay
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound


class DayNotDeclared(NotFound):
    code = "calendar_day_not_declared"


class BadCalendarDay(Invalid):
    code = "calendar_day_invalid"


@dataclass(frozen=True, slots=True)
class DayView:
    """One declared day."""

    date: date
    working: bool
    note: str


def declared_days(year: int | None = None) -> list[DayView]:
    """The declared exceptions, of one year or all, by date."""
    query = sa.select(CalendarDay).order_by(CalendarDay.date)
    if year is not None:
        query = query.where(CalendarDay.date.between(date(year, 1, 1), date(year, 12, 31)))
    return [DayView(row.date, row.working, row.note) for row in session.scalars(query)]


def declare_day(day: date, *, working: bool, note: str, actor: Actor, now: datetime) -> None:
    """Declare a day worked or free, or change what was declared; limits computed before keep their dates."""
    note = note.strip()
    if not note or len(note) > 200:
        raise BadCalendarDay(
            _l("Please say why, in at most 200 characters."),
            errors={"note": [str(_l("Please say why, in at most 200 characters."))]},
        )
    row = session.get(CalendarDay, day)
    before = {"working": row.working, "note": row.note} if row else None
    session.merge(CalendarDay(date=day, working=working, note=note))
    details = {"before": before, "after": {"working": working, "note": note}}
    audit.record("calendar.declare", actor=actor, now=now, subject_type="calendar_day", subject_id=day, details=details)


def withdraw_day(day: date, *, actor: Actor, now: datetime) -> None:
    """Return a day to the published calendar."""
    row = session.get(CalendarDay, day)
    if row is None:
        raise DayNotDeclared(_l("This day was not declared."), date=day.isoformat())
    before = {"working": row.working, "note": row.note}
    session.delete(row)
    audit.record(
        "calendar.withdraw",
        actor=actor,
        now=now,
        subject_type="calendar_day",
        subject_id=day,
        details={"before": before},
    )
