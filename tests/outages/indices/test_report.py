"""The indices of a town's month against a computation by hand, on the rows that handling leaves."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.identity import queries as people
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.i18n import in_locale
from app.outages import hooks
from app.outages.indices.lines import Line
from app.outages.indices.paper import facts
from app.outages.indices.reckoning import reckon_all
from app.outages.indices.report import Report, report
from app.outages.indices.rules import TEN_KV
from app.outages.indices.serving import Borrowed
from app.outages.indices.wanted import Wanted
from app.outages.indices.why import why
from app.outages.models import Outage, OutageCustomer, OutageInterruption, ServedCount
from tests.outages.indices.history import History, local
from tests.outages.world import World
from tests.workorders.house import House

FEBRUARY = (date(2026, 2, 1), date(2026, 3, 1))
HOURS = 28 * 24
ALL = [f"T{n}" for n in range(1, 14)]


@pytest.fixture
def history(house: House, world: World) -> History:
    """Thirteen transformers with three customers each, ten on the first feeder; counted in January."""
    county = house.units["GM-LJ-QS"]
    made = History(world, (county.code, county.path))
    made.served(house.now, date(2026, 1, 1))
    return made


@pytest.fixture
def february(history: History) -> History:
    """What happened in February; the docstrings of the tests count it."""
    feeder = history.outage(
        local(date(2026, 2, 10), 8),
        [(20, ["T8", "T9", "T10"]), (50, ["T5", "T6", "T7"]), (120, ["T1", "T2", "T3", "T4"])],
        device_kind="feeder_breaker",
    )
    still_out(history, feeder, "T4", minutes=180)
    history.outage(local(date(2026, 2, 12), 9), [(60, ["T11"])], cause="external_damage", feeder_code="L-CB2")
    history.outage(local(date(2026, 2, 15), 3), [(4, ["T12", "T13"])], kind="momentary", feeder_code="L-CB2")
    history.outage(local(date(2026, 2, 20), 10), [(200, ["T1"])], nature="planned", kind="planned", cause="")
    history.outage(local(date(2026, 2, 25), 10), [(30, ["T13"])], nature="orderly", cause="", feeder_code="L-CB2")
    history.outage(local(date(2026, 2, 26), 10), [(900, ["T2"])], only=0, nature="arrears", kind="confirmed_service")
    history.outage(local(date(2026, 2, 27), 10), [(900, ["T3"])], status="cancelled")
    history.outage(local(date(2026, 2, 27), 11), [(900, ["T3"])], kind="non_outage")
    return history


def still_out(history: History, parent: Outage, transformer: str, *, minutes: float) -> None:
    """One customer was not back with the others: their row goes to a nested outage, as `operations.nesting` does."""
    nested = history.outage(parent.started_at, [], kind="confirmed_service", parent_id=parent.id, cause="ageing")
    customer = history.world.customers[transformer][0]

    def move() -> None:
        row = session.scalars(
            sa.select(OutageCustomer).where(
                OutageCustomer.outage_id == parent.id, OutageCustomer.customer_id == customer
            )
        ).one()
        row.outage_id, row.restored_at = nested.id, parent.started_at + timedelta(minutes=minutes)

    db.run(move)
    reckon_all()


def ask(house: House, **changes: object) -> Report:
    units = people.subtree(at=house.now)
    unit = house.units["GM"]
    values: dict[str, object] = {"unit": unit, "since": FEBRUARY[0], "until": FEBRUARY[1]} | changes
    return report(Wanted(**values), units, now=house.now)  # type: ignore[arg-type]


def by_key(found: Report) -> dict[str, Line]:
    return {line.key: line for line in found.lines}


@pytest.mark.databases
def test_february_by_ieee_1366(house: House, february: History) -> None:
    """39 customers. The feeder: 9 · 20 + 9 · 50 + 11 · 120 + 1 · 180 = 2,130; outside: 3 · 60; planned: 3 · 200;
    orderly use: 3 · 30. Together 30 + 3 + 3 + 3 = 39 interruptions and 3,000 minutes; 6 were momentary. All but
    those of T12 were interrupted (36), those of T1 twice (3)."""
    figures = ask(house).total.figures
    assert figures["saifi"] == pytest.approx(39 / 39)
    assert figures["saidi"] == pytest.approx(3000 / 39)
    assert figures["caidi"] == pytest.approx(3000 / 39)
    assert figures["caifi"] == pytest.approx(39 / 36)
    assert figures["asai"] == pytest.approx(1 - 3000 / (39 * HOURS * 60))
    assert figures["maifi"] == pytest.approx(6 / 39)
    assert ask(house, n=2).total.figures["cemi"] == pytest.approx(3 / 39)
    assert ask(house, n=1, more_than=True).total.figures["cemi"] == pytest.approx(3 / 39)
    assert ask(house, n=1).total.figures["cemi"] == pytest.approx(36 / 39)


@pytest.mark.databases
def test_february_by_dlt_836(house: House, february: History) -> None:
    """13 transformers. The feeder: 3 · 20 + 3 · 50 + 4 · 120 = 690 minutes, 10 times; outside: 60; the four minutes
    are above three and count, twice: 8; planned: 200; orderly use: 30. 988 minutes, 15 times."""
    figures = ask(house, basis=TEN_KV).total.figures
    assert figures["aihc1"] == pytest.approx(988 / 60 / 13)
    assert figures["rs1"] == pytest.approx(1 - 988 / (13 * HOURS * 60))
    assert figures["aitc1"] == pytest.approx(15 / 13)
    assert figures["rs2"] == pytest.approx(1 - 928 / (13 * HOURS * 60))
    assert figures["rs3"] == pytest.approx(1 - 958 / (13 * HOURS * 60))
    assert figures["maifi"] == 0


def test_lines_by_feeder_unit_cause_and_nature(house: House, february: History) -> None:
    feeders = by_key(ask(house, by="feeder"))
    assert {
        code: (line.counted.interruptions, line.counted.minutes, line.served) for code, line in feeders.items()
    } == {
        "L-CB1": (33, 2730, 30),
        "L-CB2": (6, 270, 9),
    }
    assert feeders["L-CB2"].figures["saidi"] == pytest.approx(30)
    units = by_key(ask(house))
    assert {code: line.counted.minutes for code, line in units.items()} == {"GM-LJ": 3000}
    below = by_key(ask(house, unit=house.units["GM-LJ-QS"]))
    assert below == {}, "nothing below the county; its own figures stand above"
    causes = by_key(ask(house, by="cause"))
    assert {code: line.counted.minutes for code, line in causes.items()} == {
        "": 690, "ageing": 2130, "external_damage": 180,
    }  # fmt: skip
    natures = by_key(ask(house, by="nature"))
    assert {code: line.counted.minutes for code, line in natures.items()} == {
        "orderly": 90, "planned": 600, "unplanned": 2310,
    }  # fmt: skip
    assert sum(line.figures["saidi"] or 0 for line in natures.values()) == pytest.approx(3000 / 39)


def test_lines_by_period_sum_to_the_whole(house: House, february: History) -> None:
    for by, lines in (("day", 90), ("month", 3), ("quarter", 1), ("year", 1)):
        found = ask(house, by=by, since=date(2026, 1, 1), until=date(2026, 4, 1))
        assert len(found.lines) == lines
        assert sum(line.counted.minutes for line in found.lines) == found.total.counted.minutes == 3000
    months = ask(house, by="month", since=date(2026, 1, 1), until=date(2026, 4, 1)).lines
    assert [line.counted.outages for line in months] == [0, 5, 0]
    assert [line.hours for line in months] == [31 * 24, HOURS, 24 + 9]  # March has run for a day and nine hours


def test_every_figure_leads_to_what_it_is_made_of(house: House, february: History) -> None:
    wanted = ask(house).total.wanted
    found = why(wanted, "saidi", now=house.now)
    assert (found.above, found.below, found.outages) == (3000, 39, 5)
    assert [(row.number, row.customers, row.minutes, row.parts) for row in found.rows[:3]] == [
        ("TD00000001", 29, 1950, 3),
        ("TD00000005", 3, 600, 1),
        ("TD00000002", 1, 180, 1),
    ]
    assert sum(row.minutes for row in found.rows) == found.above
    assert found.times == {1: 33, 2: 3}
    assert [(row.number, row.customers) for row in why(wanted, "maifi", now=house.now).rows] == [("TD00000004", 6)]
    ten = ask(house, basis=TEN_KV).total.wanted
    assert why(ten, "rs2", now=house.now).above == 928
    assert why(ten, "rs3", now=house.now).above == 958
    for basis in (wanted, ten):
        for index, value in ask(house, basis=basis.basis).total.figures.items():
            one = why(basis, index, now=house.now)
            assert one.value == value
            quotient = one.above / one.below
            assert value == pytest.approx(1 - quotient if index in {"asai", "rs1", "rs2", "rs3"} else quotient), index


def test_who_is_still_out_waits_to_be_counted(house: House, history: History) -> None:
    history.outage(local(date(2026, 2, 10)), [(30, ["T1"]), (None, ["T2"])], status="partially_restored")
    found = ask(house)
    assert (found.total.counted.interruptions, found.total.counted.minutes, found.still_out) == (3, 90, 3)


def test_customers_served_are_those_of_the_time(house: House, history: History) -> None:
    """36 in January (a feeder more was built since), 39 from March on: February has January's."""
    fewer = (
        sa.update(ServedCount)
        .where(ServedCount.month == date(2026, 1, 1), ServedCount.feeder_code == "L-CB2")
        .values(households=ServedCount.households - 3)
    )
    db.run(lambda: session.execute(fewer))
    served = {
        since: ask(house, since=since, until=until).total.served
        for since, until in ((date(2026, 1, 1), date(2026, 2, 1)), FEBRUARY, (date(2026, 3, 1), date(2026, 4, 1)))
    }
    assert list(served.values()) == [36, 36, 39]
    assert ask(house, since=date(2026, 2, 22), until=date(2026, 3, 8)).total.served == pytest.approx(37.5)
    assert ask(house, since=date(2025, 5, 1), until=date(2025, 6, 1)).total.served == 36, "the nearest count"


def test_major_event_days_are_found_and_left_out(house: House, history: History) -> None:
    """Daily SAIDI of 10, 10e and 10e² minutes in two years before: T_MED = 10 e^3.5 = 331.15 minutes."""
    for day, power in ((date(2024, 5, 1), 0), (date(2024, 8, 1), 1), (date(2025, 7, 1), 2)):
        history.outage(local(day, 12), [(10 * math.exp(power), ALL)])
    history.outage(local(date(2026, 1, 10), 23, 50), [(400, ALL)])  # lasts into the 11th, and counts on the 10th
    history.outage(local(date(2026, 1, 20), 1), [(300, ALL)])
    found = ask(house, since=date(2026, 1, 1), until=date(2026, 3, 1), by="month")
    (year,) = found.major
    assert year.threshold is not None
    assert (year.threshold.t_med, year.threshold.days, year.own) == (pytest.approx(10 * math.exp(3.5)), 3, False)
    assert list(year.days) == [date(2026, 1, 10)]
    assert found.total.figures["saidi"] == pytest.approx(700)
    assert found.without_major.figures["saidi"] == pytest.approx(300)
    assert found.lines[0].figures["saidi"] == pytest.approx(700)
    without = ask(house, since=date(2026, 1, 1), until=date(2026, 3, 1), by="month", without_major=True)
    assert without.lines[0].figures["saidi"] == pytest.approx(300)
    assert why(without.lines[0].wanted, "saidi", now=house.now).above == 300 * 39
    assert ask(house, since=date(2024, 1, 1), until=date(2025, 1, 1)).major[0].own, "nothing older is known"


@pytest.mark.databases
def test_interruptions_follow_the_outage_by_a_job(house: House, history: History) -> None:
    outage = history.outage(local(date(2026, 2, 10)), [(None, ["T1"])], status="confirmed")

    def restore() -> None:
        row = session.get_one(Outage, outage.id)
        session.execute(
            sa.update(OutageCustomer)
            .where(OutageCustomer.outage_id == row.id)
            .values(active=False, restored_at=local(date(2026, 2, 10), 1))
        )
        row.status = "restored"
        hooks.emit("restored", row, actor=SYSTEM, now=house.now)

    db.run(restore)
    jobs.run_due(house.now)
    rows = session.scalars(sa.select(OutageInterruption)).all()
    assert [(row.customers, row.transformers, row.minutes, row.day) for row in rows] == [(3, 1, 60, date(2026, 2, 10))]
    assert reckon_all() == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(OutageInterruption)) == 1


def test_the_local_day_counts(house: House, history: History) -> None:
    """Half past midnight in China is the day before in UTC."""
    history.outage(local(date(2026, 2, 1), 0, 30), [(60, ["T1"])])
    assert ask(house).total.counted.interruptions == 3
    assert ask(house, since=date(2026, 1, 1), until=date(2026, 2, 1)).total.counted.interruptions == 0


def test_nothing_asked_for_is_no_error(house: House, history: History) -> None:
    now: datetime = house.now
    found = ask(house, since=date(2026, 3, 5), until=date(2026, 3, 9))
    assert found.total.hours == 0 or now.date() > date(2026, 3, 5)
    assert found.total.figures["asai"] is None


def test_cemi_stays_a_share_where_a_feeder_went_to_another_unit(history: History, house: House) -> None:
    """Feeder one (30 customers) was interrupted three times and went to another unit before the month was counted."""
    feeder_one = [f"T{n}" for n in range(1, 11)]
    for day in (3, 10, 17):
        history.outage(local(date(2026, 2, day), 8), [(60, feeder_one)], device_kind="feeder_breaker")
    db.run(lambda: _count(date(2026, 2, 1), "L-CB2"))
    found = _report(house, n=3)
    assert (found.total.counted.distinct, found.total.counted.frequent, found.total.served) == (30, 30, 9)
    assert found.total.figures["cemi"] == 1.0
    assert found.total.moved
    names = dict(facts(found))
    assert any("CEMI" in value and "*" in value for value in names.values())
    behind = why(found.wanted, "cemi", now=house.now)
    assert (behind.above, behind.below, behind.value) == (30, 30, 1.0)


def test_a_feeder_that_left_is_not_served_any_more(history: History, house: House) -> None:
    db.run(lambda: _count(date(2026, 2, 1), "L-CB2"))
    found = _report(house, by="feeder")
    assert {line.key: line.served for line in found.lines} == {"L-CB2": 9}
    january = _report(house, (date(2026, 1, 1), date(2026, 2, 1)), by="feeder")
    assert {line.key: line.served for line in january.lines} == {"L-CB1": 30, "L-CB2": 9}


def test_days_before_the_first_count_say_which_count_stands_for_them(history: History, house: House) -> None:
    history.outage(local(date(2025, 12, 20), 8), [(60, ["T1"])])
    found = _report(house, (date(2025, 12, 1), date(2026, 2, 1)), by="month")
    assert found.total.figures["saidi"] == pytest.approx(180 / 39)
    assert found.total.borrowed == Borrowed(date(2025, 12, 1), date(2026, 1, 1), date(2026, 1, 1))
    assert {line.key: line.borrowed is not None for line in found.lines} == {"2025-12-01": True, "2026-01-01": False}
    with in_locale("en"):
        said = dict(facts(found))["Customers served before the first count"]
    assert said.startswith("Not counted from 2025-12-01 to 2025-12-31: the first count, of 2026-01, stands")
    assert _report(house).total.borrowed is None


def _report(house: House, span: tuple[date, date] = FEBRUARY, **values: Any) -> Report:
    """The report of the county over a span."""
    county = house.units["GM-LJ-QS"]
    unit = people.unit_by_code(county.code, at=house.now)
    assert unit is not None
    return report(
        Wanted(unit=unit, since=span[0], until=span[1], **values),
        people.subtree([unit.path], at=house.now),
        now=house.now,
    )


def _count(month: date, feeder: str) -> None:
    """In this month only this feeder was counted."""
    for row in session.scalars(sa.select(ServedCount).where(ServedCount.month == date(2026, 1, 1))).all():
        if row.feeder_code == feeder:
            names = ("unit_code", "unit_path", "feeder_code", "feeder_name", "households", "transformers", "counted_at")
            session.add(ServedCount(month=month, **{name: getattr(row, name) for name in names}))
    session.execute(sa.delete(ServedCount).where(ServedCount.month > month))
