"""Skills, vehicles, shifts and positions of crews."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.errors import Forbidden, Invalid
from app.workorders import operations, spans
from app.workorders.models import Crew, CrewPosition, CrewShift
from app.workorders.operations import CrewData, Span, VehicleData
from app.workorders.operations.shifts import ShiftsOverlap, follow_roster
from app.workorders.operations.trace import Place
from app.workorders.operations.vehicles import PlateTaken
from app.workorders.queries.crew_work import work_of
from app.workorders.queries.crews import crew_view, crews_of
from app.workorders.queries.roster import shifts, shifts_now
from tests.workorders.house import House

pytestmark = pytest.mark.databases

MONDAY = date(2026, 3, 2)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
EARLY, LATE = Span(time(8), time(20)), Span(time(20), time(8))


def on_duty(house: House) -> bool:
    return session.get_one(Crew, house.crew).on_duty


def at(house: House, day: date, hour: int) -> datetime:
    house.clock.set(datetime.combine(day, time(hour), LOCAL))
    return house.now


def test_shifts_are_read_as_people_write_them() -> None:
    assert spans.read("08:00-20:00，20:00－08:00".replace("－", "-")) == [EARLY, LATE]
    assert spans.read("8-20") == [EARLY]
    assert spans.read("0800~2000") == [EARLY]
    assert spans.read(" ") == []
    for wrong in ("25-26", "morning", "08:00", "08:70-09:00", "8-20-22"):
        with pytest.raises(spans.NotAShift):
            spans.read(wrong)


def test_the_clock_puts_a_crew_on_duty_and_off_as_the_roster_says(house: House) -> None:
    house.do(operations.set_duty, house.crew, on_duty=False)
    house.do(operations.set_day, house.crew, MONDAY + DAY, [EARLY])
    at(house, MONDAY + DAY, 7)
    assert follow_roster(now=house.now) == 0
    at(house, MONDAY + DAY, 8)
    assert follow_roster(now=house.now) == 1
    assert on_duty(house)
    assert follow_roster(now=house.now) == 0
    assert shifts_now([house.crew], at=house.now)[house.crew].ends_at.astimezone(LOCAL).hour == 20
    at(house, MONDAY + DAY, 20)
    assert follow_roster(now=house.now) == 1
    assert not on_duty(house)


def test_a_crew_whose_next_shift_follows_at_once_stays_on_duty(house: House) -> None:
    house.do(operations.set_day, house.crew, MONDAY, [Span(time(6), time(12)), Span(time(12), time(18))])
    at(house, MONDAY, 12)
    follow_roster(now=house.now)
    assert on_duty(house)


def test_what_was_missed_while_the_clock_stood_still_is_made_up(house: House) -> None:
    house.do(operations.set_day, house.crew, MONDAY, [Span(time(10), time(12))])
    at(house, MONDAY, 18)
    follow_roster(now=house.now)
    assert not on_duty(house)


def test_two_shifts_of_a_crew_never_overlap_over_midnight_either(house: House) -> None:
    house.do(operations.set_day, house.crew, MONDAY, [LATE])
    with pytest.raises(ShiftsOverlap):
        house.do(operations.set_day, house.crew, MONDAY + DAY, [Span(time(7), time(15))])
    house.do(operations.set_day, house.crew, MONDAY + DAY, [EARLY])
    with pytest.raises(ShiftsOverlap):
        house.do(operations.set_day, house.crew, MONDAY + DAY, [EARLY, Span(time(19), time(22))])
    rows = session.scalars(sa.select(CrewShift.day).order_by(CrewShift.day)).all()
    assert rows == [MONDAY, MONDAY + DAY]


def test_a_week_is_copied_onto_the_empty_days_of_another(house: House) -> None:
    house.do(operations.set_day, house.crew, MONDAY, [EARLY])
    house.do(operations.set_day, house.crew, MONDAY + 2 * DAY, [LATE])
    house.do(operations.set_day, house.crew, MONDAY + 7 * DAY, [Span(time(9), time(10))])
    copied = house.do(operations.copy_week, [house.crew], source=MONDAY + 3 * DAY, target=MONDAY + 8 * DAY)
    assert copied == 1
    found = shifts([house.crew], MONDAY + 7 * DAY, MONDAY + 14 * DAY)
    written = {day.weekday(): spans.shown((s.begins_at, s.ends_at) for s in of) for (_crew, day), of in found.items()}
    assert written == {0: "09:00-10:00", 2: "20:00-08:00"}


def test_only_who_manages_crews_writes_the_roster_and_only_so_far_ahead(house: House) -> None:
    with pytest.raises(Forbidden):
        house.do(operations.set_day, house.crew, MONDAY, [EARLY], by="crew")
    with pytest.raises(Invalid):
        house.do(operations.set_day, house.crew, MONDAY + 1000 * DAY, [EARLY])


def test_a_whole_week_is_written_at_once_and_unchanged_days_are_left(house: House) -> None:
    cells = {(house.crew, MONDAY): [EARLY], (house.second_crew, MONDAY): [LATE]}
    assert house.do(operations.write_roster, cells) == 2
    assert house.do(operations.write_roster, cells) == 0
    bad = {(house.crew, MONDAY + DAY): [EARLY], (house.second_crew, MONDAY + DAY): [Span(time(7), time(9))]}
    with pytest.raises(ShiftsOverlap):
        house.do(operations.write_roster, bad)
    assert session.scalar(sa.select(sa.func.count()).select_from(CrewShift)) == 2


def test_a_stamp_of_an_order_says_where_its_crew_is(house: House) -> None:
    number = house.accept().number
    house.to_site(number)
    view = crew_view(house.crew)
    assert view is not None
    assert view.position is not None
    assert (view.position.lat, view.position.lon, view.position.source) == (30.1, 120.2, "stamp")
    assert [work.number for work in work_of([house.crew])[house.crew]] == [number]


def test_a_device_reports_with_a_clock_that_is_wrong(house: House) -> None:
    ahead = Place(lat=30.0, lon=120.0, device_at=house.now + timedelta(hours=8))
    kept = house.do(operations.report_position, house.crew, ahead, by="crew")
    assert kept.at == house.now
    house.clock.set(house.now + 10 * MINUTE)
    late = Place(lat=31.0, lon=121.0, device_at=house.now - 5 * MINUTE)
    house.do(operations.report_position, house.crew, late, by="crew")
    earlier = Place(lat=29.0, lon=119.0, device_at=house.now - 20 * MINUTE)
    house.do(operations.report_position, house.crew, earlier, by="crew")
    crew = session.get_one(Crew, house.crew)
    assert (crew.lat, crew.lon, crew.position_at) == (31.0, 121.0, house.now - 5 * MINUTE)
    assert session.scalar(sa.select(sa.func.count()).select_from(CrewPosition)) == 3


def test_a_coarse_place_does_not_replace_an_exact_fresh_one(house: House) -> None:
    house.do(operations.report_position, house.crew, Place(lat=30.0, lon=120.0, accuracy=8), by="crew")
    house.do(operations.report_position, house.crew, Place(lat=30.5, lon=120.5, accuracy=9000), by="crew")
    assert session.get_one(Crew, house.crew).lat == 30.0
    house.clock.set(house.now + 60 * MINUTE)
    house.do(operations.report_position, house.crew, Place(lat=30.5, lon=120.5, accuracy=9000), by="crew")
    assert session.get_one(Crew, house.crew).lat == 30.5


@pytest.mark.parametrize(("lat", "lon"), [(91.0, 0.0), (0.0, 181.0), (0.0, 0.0), (float("nan"), 10.0), (None, 10.0)])
def test_no_place_on_earth_is_refused(house: House, lat: float | None, lon: float) -> None:
    with pytest.raises(Invalid):
        house.do(operations.report_position, house.crew, Place(lat=lat, lon=lon), by="crew")


def test_only_the_crew_and_its_managers_say_where_it_is(house: House) -> None:
    assert crews_of("crew1") == [house.crew, house.second_crew]
    with pytest.raises(Forbidden):
        house.do(operations.report_position, house.crew, Place(lat=30.0, lon=120.0), by="other_leader")


def test_vehicles_have_one_crew_and_known_equipment(house: House) -> None:
    data = VehicleData(plate="浙a·q1201", kind="bucket_truck", equipment=["bucket", "chainsaw"])
    kept = house.do(operations.save_vehicle, house.crew, data)
    with pytest.raises(PlateTaken):
        house.do(operations.save_vehicle, house.second_crew, data)
    with pytest.raises(Invalid):
        house.do(operations.save_vehicle, house.crew, VehicleData(plate="X", kind="tank"))
    changed = VehicleData(plate="浙A·Q1201", kind="repair_van", state="in_repair")
    house.do(operations.save_vehicle, house.crew, changed, vehicle_id=kept)
    view = crew_view(house.crew)
    assert view is not None
    assert [(v.plate, v.kind, v.state) for v in view.vehicles] == [("浙A·Q1201", "repair_van", "in_repair")]
    house.do(operations.remove_vehicle, house.crew, kept)
    view = crew_view(house.crew)
    assert view is not None
    assert view.vehicles == ()


def test_a_skill_is_a_word_of_the_list(house: House) -> None:
    with pytest.raises(Invalid):
        house.do(operations.save_crew, CrewData(unit="GM-LJ-QS", name="新班", leader="crew_leader1", skills=["magic"]))
    made = house.do(
        operations.save_crew, CrewData(unit="GM-LJ-QS", name="新班", leader="crew_leader1", skills=["cable", "cable"])
    )
    assert session.get_one(Crew, made).skills == ["cable"]
