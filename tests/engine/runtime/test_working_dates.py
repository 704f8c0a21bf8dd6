"""Due and follow-up dates by the working calendar, over weekends, holidays, make-up days and declared days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.engine import api
from app.kernel.actor import SYSTEM
from app.kernel.calendar import WorkCalendar
from app.kernel.calendar.operations import declare_day
from app.kernel.clock import LOCAL
from tests.engine.diagrams import diagram, line, user
from tests.engine.runtime.driving import Driver


def asking(due: str, follow_up: str = "") -> bytes:
    return diagram(line(user("u", camunda_dueDate=due, camunda_followUpDate=follow_up), ids=("u",)))


def dates(drive: Driver, at: datetime, **data: object) -> tuple[datetime | None, datetime | None]:
    drive.clock.advance(at - drive.now)
    task = drive.task(drive.start(data=dict(data)).id, "u")
    return task.due_at, task.follow_up_at


def local(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LOCAL)


def test_working_hours_pass_over_the_night_and_the_weekend(drive: Driver) -> None:
    drive.deploy(p=asking("${working('PT4H')}", "${working('PT30M')}"))
    friday = local(3, 6, 16, 30)
    due, follow_up = dates(drive, friday)
    calendar = WorkCalendar.load()
    assert due is not None
    assert due > local(3, 9, 8)
    assert calendar.working_time_between(friday, due) == timedelta(hours=4)
    assert follow_up == local(3, 6, 17)


def test_working_days_pass_over_a_holiday(drive: Driver) -> None:
    """The Labour Day holiday of 2026: 1 to 5 May, with 9 May (a Saturday) worked for it."""
    drive.deploy(p=asking("${working_days(3)}"))
    due, _ = dates(drive, local(4, 30, 10))
    assert due == local(5, 8, 10)
    drive.deploy(p=asking("${working_days(4)}"))
    due, _ = dates(drive, local(4, 30, 10, 30))
    assert due == local(5, 9, 10, 30), "a make-up day is worked"


def test_a_day_declared_free_counts_for_nothing(drive: Driver) -> None:
    drive.do(lambda: declare_day(date(2026, 3, 10), working=False, note="停产", actor=SYSTEM, now=drive.now))
    drive.deploy(p=asking("${working_days(1)}"))
    assert dates(drive, local(3, 9, 9))[0] == local(3, 11, 9)


def test_from_a_variable_and_by_a_variable(drive: Driver) -> None:
    drive.deploy(p=asking("${working_days(n, accepted)}", "${empty n ? null : working('PT1H', accepted)}"))
    accepted = local(3, 2, 9)
    due, follow_up = dates(drive, local(3, 3, 15), n=2, accepted=accepted.isoformat())
    assert (due, follow_up) == (local(3, 4, 9), local(3, 2, 10))


@pytest.mark.parametrize("data", [{"n": -1}, {"n": "3"}, {"n": 1_000_000}, {"n": 1.5}, {"n": None}])
def test_what_cannot_be_counted_is_an_incident(drive: Driver, data: dict[str, object]) -> None:
    drive.deploy(p=asking("${working_days(n)}"))
    instance = drive.start(data=data).id
    assert [one.element_id for one in api.list_incidents(instance_id=instance)] == ["u"]
