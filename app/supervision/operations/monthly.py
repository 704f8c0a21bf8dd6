"""Make the monthly supervision sheets (监管月报) and keep them as files.

From the first working day of a month on, the sheets of the month before are made: for each line of business
and each unit where somebody holds the line's post, in both languages, once each.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

import sqlalchemy as sa

from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel import db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.calendar import WorkCalendar
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.files.operations import save
from app.kernel.i18n import LOCALES, in_locale
from app.supervision.models import SupervisionSheet
from app.supervision.queries.lines import Line, lines
from app.supervision.queries.sheet import previous, sheet
from app.supervision.sheet_pdf import draw

READY = time(6)
"""From this local time of the first working day on: figures of the last night are counted by then."""


def make_due(now: datetime) -> int:
    """Make what is due and not there; returns how many sheets were made."""
    local = now.astimezone(LOCAL)
    if local < datetime.combine(first_working_day(local.date().replace(day=1)), READY, LOCAL):
        return 0
    return make_all(previous(local.date().replace(day=1)), now=now)


def first_working_day(month: date) -> date:
    """The first working day of the month that begins on `month`."""
    calendar, day = WorkCalendar.load(), month
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


def make_all(month: date, *, now: datetime, again: bool = False) -> int:
    """Make every sheet of a month; `again` replaces those that are there. Returns how many were made."""
    made = 0
    for line, unit in list(_wanted(now)):
        for language in LOCALES:
            if again or find(line.code, unit.code, month, language) is None:
                make(line, unit, month, language, actor=SYSTEM, now=now)
                made += 1
    return made


def make(line: Line, unit: UnitView, month: date, language: str, *, actor: Actor, now: datetime) -> int:
    """Draw the sheet, then keep it in a transaction of its own, in place of an earlier one; returns the file's id."""
    with in_locale(language):
        content = draw(sheet(line, unit, month, now=now))
    return db.run(lambda: keep(content, line.code, unit.code, month, language, actor=actor, now=now))


def keep(content: bytes, line: str, unit: str, month: date, language: str, *, actor: Actor, now: datetime) -> int:
    """Keep a drawn sheet; returns the file's id."""
    stored = save(BytesIO(content), f"{line}-{unit}-{month:%Y-%m}-{language}.pdf", actor=actor, now=now)
    row = find(line, unit, month, language)
    if row is None:
        row = SupervisionSheet(line=line, unit_code=unit, month=month, language=language)
        session.add(row)
    row.file_id, row.made_at, row.made_by = stored.id, now, actor.ref
    session.flush()
    return stored.id


def find(line: str, unit: str, month: date, language: str) -> SupervisionSheet | None:
    """The sheet that is kept."""
    sheets = SupervisionSheet
    return session.scalar(
        sa.select(sheets).where(
            sheets.line == line, sheets.unit_code == unit, sheets.month == month, sheets.language == language
        )
    )


def _wanted(now: datetime) -> Iterator[tuple[Line, UnitView]]:
    for line in lines().values():
        codes = people.staffed_units(line.post, at=now)
        for unit in people.units_by_code(codes, at=now).values():
            yield line, unit
