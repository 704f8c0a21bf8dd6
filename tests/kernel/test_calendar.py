"""Working days and hours: cases by hand, and laws that hold for any instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import audit, clock, db
from app.kernel.actor import Actor
from app.kernel.calendar import WorkCalendar, operations
from app.kernel.calendar.days import LAST_PUBLISHED_YEAR, is_public_working_day, special_days
from app.kernel.calendar.hours import BadWorkingHours, parse_hours
from app.kernel.calendar.work import NoWorkingDay
from app.kernel.clock import LOCAL
from tests.conftest import START

HOURS = parse_hours("08:30-12:00,13:30-17:30")
CALENDAR = WorkCalendar(HOURS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


instants = st.integers(0, 5 * 365 * 24 * 60).map(lambda minutes: at("2024-01-01T00:00") + timedelta(minutes=minutes))
durations = st.timedeltas(timedelta(), timedelta(hours=200))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-03-02", True),  # Monday
        ("2026-03-01", False),  # Sunday
        ("2026-02-17", False),  # the Spring Festival, a Tuesday
        ("2026-02-28", True),  # a Saturday worked for it
        ("2026-10-01", False),  # National Day
    ],
)
def test_public_days(day: str, worked: bool) -> None:
    assert is_public_working_day(date.fromisoformat(day)) is worked


def test_a_year_not_yet_published_has_weekends_only() -> None:
    new_year = date(LAST_PUBLISHED_YEAR + 3, 1, 1)
    assert is_public_working_day(new_year) is (new_year.weekday() < 5)


def test_special_days_of_a_year() -> None:
    days = {special.date: special for special in special_days(2026)}
    festival, worked = days[date(2026, 2, 17)], days[date(2026, 2, 28)]
    assert (festival.name, festival.name_en, festival.working) == ("春节", "Spring Festival", False)
    assert (worked.name, worked.working) == ("春节", True)
    assert special_days(LAST_PUBLISHED_YEAR + 3) == []


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-02T10:00", 0, "2026-03-02T10:00"),
        ("2026-03-02T10:00", 4, "2026-03-06T10:00"),
        ("2026-03-06T16:20", 1, "2026-03-09T16:20"),  # over a weekend
        ("2026-02-13T09:00", 1, "2026-02-14T09:00"),  # onto a Saturday that is worked
        ("2026-02-14T09:00", 1, "2026-02-24T09:00"),  # over the Spring Festival
        ("2026-03-07T10:00", 1, "2026-03-10T00:00"),  # from a Saturday: the whole of Monday
        ("2026-03-07T10:00", 0, "2026-03-09T00:00"),
        ("2026-03-02T23:59", 1, "2026-03-03T23:59"),
    ],
)
def test_working_days(start: str, days: int, end: str) -> None:
    assert CALENDAR.add_working_days(at(start), days) == at(end)


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("2026-03-02T09:00", timedelta(hours=2), "2026-03-02T11:00"),
        ("2026-03-02T11:30", timedelta(hours=1), "2026-03-02T14:00"),  # over lunch
        ("2026-03-02T17:00", timedelta(hours=1), "2026-03-03T09:00"),  # over night
        ("2026-03-06T17:00", timedelta(hours=1), "2026-03-09T09:00"),  # over a weekend
        ("2026-03-02T09:00", timedelta(hours=3), "2026-03-02T12:00"),  # ends when the morning ends
        ("2026-03-02T12:30", timedelta(minutes=10), "2026-03-02T13:40"),
        ("2026-03-02T20:00", timedelta(), "2026-03-02T20:00"),
    ],
)
def test_working_time(start: str, amount: timedelta, end: str) -> None:
    assert CALENDAR.add_working_time(at(start), amount) == at(end)


@given(start=instants, amount=durations)
def test_adding_and_measuring_agree(start: datetime, amount: timedelta) -> None:
    assert CALENDAR.working_time_between(start, CALENDAR.add_working_time(start, amount)) == amount


@given(start=instants, first=durations, second=durations)
def test_working_time_adds_up(start: datetime, first: timedelta, second: timedelta) -> None:
    in_two_steps = CALENDAR.add_working_time(CALENDAR.add_working_time(start, first), second)
    assert in_two_steps == CALENDAR.add_working_time(start, first + second)


@given(one=instants, other=instants, days=st.integers(0, 30))
def test_a_later_start_never_ends_earlier(one: datetime, other: datetime, days: int) -> None:
    first, second = sorted((one, other))
    assert CALENDAR.add_working_days(first, days) <= CALENDAR.add_working_days(second, days)
    assert CALENDAR.add_working_time(first, days * timedelta(hours=1)) <= CALENDAR.add_working_time(
        second, days * timedelta(hours=1)
    )


@given(start=instants, days=st.integers(1, 30))
def test_working_days_end_on_a_working_day_at_the_same_clock_time(start: datetime, days: int) -> None:
    end = CALENDAR.add_working_days(start, days).astimezone(LOCAL)
    assert CALENDAR.is_working_day(end.date())
    begin = CALENDAR.working_start(start).astimezone(LOCAL)
    assert end.time() == begin.time()
    passed = (begin.date() + timedelta(offset) for offset in range(1, (end.date() - begin.date()).days + 1))
    assert sum(CALENDAR.is_working_day(day) for day in passed) == days


def test_limits_never_run_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_days(START, -1)
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_time(START, timedelta(seconds=-1))
    assert CALENDAR.working_time_between(START, START - timedelta(days=3)) == timedelta()


def test_a_calendar_without_work_is_refused_instead_of_searched_for_ever() -> None:
    free = {date(2026, 3, 2) + timedelta(n): False for n in range(800)}
    with pytest.raises(NoWorkingDay):
        WorkCalendar(HOURS, free).add_working_days(START, 1)


@pytest.mark.parametrize("text", ["", "8-12", "12:00-08:00", "08:00-12:00,11:00-13:00", "08:30"])
def test_bad_hours_are_refused(text: str) -> None:
    with pytest.raises(BadWorkingHours):
        parse_hours(text)


def test_working_time_is_known_at_an_instant() -> None:
    assert CALENDAR.is_working_time(START)
    assert not CALENDAR.is_working_time(at("2026-03-02T12:30"))
    assert not CALENDAR.is_working_time(at("2026-03-07T10:00"))


def test_declared_days_override_the_published_calendar(app: Flask, actor: Actor) -> None:
    saturday, monday = date(2026, 3, 7), date(2026, 3, 9)
    now = clock.now()

    def declare() -> None:
        operations.declare_day(saturday, working=True, note="抗洪抢险", actor=actor, now=now)
        operations.declare_day(monday, working=False, note="补休", actor=actor, now=now)

    db.run(declare)
    calendar = WorkCalendar.load()
    assert calendar.add_working_days(at("2026-03-06T10:00"), 1) == at("2026-03-07T10:00")
    assert calendar.add_working_days(at("2026-03-07T10:00"), 1) == at("2026-03-10T10:00")
    assert [day.date for day in operations.declared_days(2026)] == [saturday, monday]
    assert operations.declared_days(2027) == []

    db.run(lambda: operations.withdraw_day(monday, actor=actor, now=now))
    assert WorkCalendar.load().is_working_day(monday)
    actions = db.session.scalars(db.db.select(audit.AuditEntry.action).order_by(audit.AuditEntry.id)).all()
    assert actions == ["calendar.declare", "calendar.declare", "calendar.withdraw"]


def test_a_declaration_needs_a_reason(app: Flask, actor: Actor) -> None:
    with pytest.raises(operations.BadCalendarDay):
        operations.declare_day(date(2026, 3, 7), working=True, note=" ", actor=actor, now=datetime.now(UTC))
    with pytest.raises(operations.DayNotDeclared):
        operations.withdraw_day(date(2026, 3, 7), actor=actor, now=datetime.now(UTC))
