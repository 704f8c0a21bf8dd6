"""The roster (排班): write a day's shifts, copy a week; the clock puts crews on duty and off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import audit, live
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.workorders.crew_rules import crew_rules
from app.workorders.models import Crew, CrewShift
from app.workorders.operations.dispatch import CrewNotFound

MOST_A_DAY = 4
WEEK = timedelta(days=7)


class ShiftsOverlap(Conflict):
    """The crew would be on two shifts at once."""

    code = "shifts_overlap"


@dataclass(frozen=True, slots=True)
class Span:
    """A shift of a day in local clock times; `end` not after `begin` means the next day."""

    begin: time
    end: time
    note: str = ""

    def instants(self, day: date) -> tuple[datetime, datetime]:
        """First instant, and the first that is no longer part of it."""
        begins = datetime.combine(day, self.begin, LOCAL)
        ends = datetime.combine(day, self.end, LOCAL)
        return begins, ends if ends > begins else ends + timedelta(days=1)


def set_day(crew_id: int, day: date, spans: Sequence[Span], *, actor: Actor, now: datetime) -> None:
    """Write what shifts a crew has on a local day, instead of those it had.

    Raises `CrewNotFound`, `Forbidden` (right `crew.manage`), `Invalid`, `ShiftsOverlap`.
    """
    crew = _crew(crew_id, actor=actor, now=now)
    _check(day, spans, now=now)
    _replace(crew, day, spans, actor=actor, now=now)
    _note(crew, day, actor=actor, now=now)


def write_roster(cells: Mapping[tuple[int, date], Sequence[Span]], *, actor: Actor, now: datetime) -> int:
    """Write many crews' days at once, all or nothing; returns how many days changed. Raises as `set_day` does."""
    changed = 0
    for (crew_id, day), spans in sorted(cells.items()):
        present = [(row.begins_at, row.ends_at) for row in _rows(crew_id, day, day + timedelta(days=1))]
        if present != sorted(span.instants(day) for span in spans):
            set_day(crew_id, day, spans, actor=actor, now=now)
            changed += 1
    return changed


def copy_week(crew_ids: Iterable[int], *, source: date, target: date, actor: Actor, now: datetime) -> int:
    """Give crews the shifts of one week (any day of it) on another one's same days; returns how many shifts.

    Days of the target that have shifts already are left as they are.
    """
    first, onto = monday(source), monday(target)
    copied = 0
    for crew_id in crew_ids:
        crew = _crew(crew_id, actor=actor, now=now)
        taken = {row.day for row in _rows(crew_id, onto, onto + WEEK)}
        by_day: dict[date, list[CrewShift]] = {}
        for row in _rows(crew_id, first, first + WEEK):
            by_day.setdefault(row.day, []).append(row)
        for day, rows in by_day.items():
            there = onto + (day - first)
            if there in taken:
                continue
            spans = [Span(_clock(row.begins_at), _clock(row.ends_at), row.note) for row in rows]
            _check(there, spans, now=now)
            _replace(crew, there, spans, actor=actor, now=now)
            copied += len(spans)
        _note(crew, onto, actor=actor, now=now)
    return copied


def follow_roster(*, now: datetime) -> int:
    """Put on duty whose shift has begun, and off whose shift is over and who has no other; returns how many.

    What people set by hand in between holds until the next shift begins or ends.
    """
    due = list(
        session.scalars(
            sa.select(CrewShift)
            .where(
                CrewShift.ended.is_(False),
                CrewShift.begins_at <= now,
                sa.or_(CrewShift.begun.is_(False), CrewShift.ends_at <= now),
            )
            .order_by(CrewShift.begins_at)
            .limit(500)
            .with_for_update(skip_locked=True)
        )
    )
    for shift in due:
        crew = session.get_one(Crew, shift.crew_id)
        if not shift.begun:
            shift.begun = True
            if shift.ends_at > now:
                _duty(crew, True, now=now)
        if shift.ends_at <= now:
            shift.ended = True
            if not _on_another(shift, now):
                _duty(crew, False, now=now)
    session.flush()
    return len(due)


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def _crew(crew_id: int, *, actor: Actor, now: datetime) -> Crew:
    crew = session.get(Crew, crew_id)
    if crew is None or not crew.active:
        raise CrewNotFound(_l("There is no such crew."), crew_id=crew_id)
    authority.require(actor, "crew.manage", unit_path=crew.unit_path, now=now)
    return crew


def _check(day: date, spans: Sequence[Span], *, now: datetime) -> None:
    rules, today = crew_rules(), now.astimezone(LOCAL).date()
    problem = None
    if len(spans) > MOST_A_DAY:
        problem = _l("A crew has at most %(count)s shifts a day.", count=MOST_A_DAY)
    elif not today - timedelta(days=31) <= day <= today + timedelta(days=rules.days_ahead):
        problem = _l("The roster is written at most %(count)s days ahead.", count=rules.days_ahead)
    elif any(ends - begins > rules.longest_shift for begins, ends in (span.instants(day) for span in spans)):
        problem = _l("The shift is too long.")
    if problem is not None:
        raise Invalid(problem, errors={"shifts": [problem]})


def _replace(crew: Crew, day: date, spans: Sequence[Span], *, actor: Actor, now: datetime) -> None:
    present = {row.begins_at: row for row in _rows(crew.id, day, day + timedelta(days=1))}
    wanted = {begins: (ends, span) for span in spans for begins, ends in [span.instants(day)]}
    if len(wanted) < len(spans):
        raise ShiftsOverlap(_l("Two shifts of the crew overlap."), crew_id=crew.id)
    for begins, row in present.items():
        if begins not in wanted:
            session.delete(row)
    for begins, (ends, span) in wanted.items():
        known = present.get(begins)
        if known is None:
            session.add(
                CrewShift(
                    crew_id=crew.id, day=day, begins_at=begins, ends_at=ends, note=span.note, by=actor.ref, at=now
                )
            )
        elif (known.ends_at, known.note) != (ends, span.note):
            known.ends_at, known.note, known.ended, known.by, known.at = ends, span.note, False, actor.ref, now
    session.flush()
    _refuse_overlap(crew, day)


def _refuse_overlap(crew: Crew, day: date) -> None:
    rows = _rows(crew.id, day - timedelta(days=2), day + timedelta(days=3))
    for earlier, later in pairwise(rows):
        if later.begins_at < earlier.ends_at:
            raise ShiftsOverlap(_l("Two shifts of the crew overlap."), crew_id=crew.id)


def _rows(crew_id: int, first: date, until: date) -> list[CrewShift]:
    query = sa.select(CrewShift).where(CrewShift.crew_id == crew_id, CrewShift.day >= first, CrewShift.day < until)
    return list(session.scalars(query.order_by(CrewShift.begins_at)))


def _clock(instant: datetime) -> time:
    return instant.astimezone(LOCAL).time().replace(tzinfo=None)


def _on_another(shift: CrewShift, now: datetime) -> bool:
    other = sa.select(CrewShift.id).where(
        CrewShift.crew_id == shift.crew_id,
        CrewShift.id != shift.id,
        CrewShift.begins_at <= now,
        CrewShift.ends_at > now,
    )
    return session.scalar(other.limit(1)) is not None


def _duty(crew: Crew, on_duty: bool, *, now: datetime) -> None:
    if crew.on_duty == on_duty or not crew.active:
        return
    crew.on_duty = on_duty
    audit.record(
        "crew.on_duty" if on_duty else "crew.off_duty",
        actor=SYSTEM,
        now=now,
        subject_type="crew",
        subject_id=crew.id,
        unit_path=crew.unit_path,
    )
    live.touch("crews")


def _note(crew: Crew, day: date, *, actor: Actor, now: datetime) -> None:
    audit.record(
        "crew.roster",
        actor=actor,
        now=now,
        subject_type="crew",
        subject_id=crew.id,
        unit_path=crew.unit_path,
        details={"day": day.isoformat()},
    )
    live.touch("crews")
