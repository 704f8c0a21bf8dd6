"""Below the transformer: customers known by their meter box alone, outages of branches and meter boxes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.network import boxes, grid
from app.network.operations import editing
from app.network.operations.editing import Edit
from app.outages.models import OutageStep
from app.outages.operations import calls, confirming, restoring
from tests.outages.real_town import Town, build
from tests.outages.world import active, covered_by, members_of
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(house: House) -> Town:
    return build(house.units["GM-LJ-QS"], house.now)


def only_box(town: Town, customer_id: int, box: str) -> None:
    """Let a customer be known by the meter box alone."""

    def work() -> None:
        place = town.premises(customer_id)
        place.transformer_code, place.meter_box = "", box

    db.run(work)


def everybody(town: Town, *boxes_: str) -> set[int]:
    return {each for box in boxes_ for each in town.customers[box]}


@pytest.mark.databases
def test_who_is_known_by_a_meter_box_alone_is_out_with_its_transformer(town: Town, house: House) -> None:
    only_box(town, town.customers["X1"][2], "X1")
    only_box(town, town.customers[""][2], "X3")
    assert town.premises(town.customers["X1"][2]).transformer_code == "T1"
    assert grid.current(house.now).transformer_of(town.customers[""][2]) == "T1"
    session.rollback()
    town.call("X1", 0, now=house.now)
    town.call("X3", 0, now=house.now + MINUTE)
    (outage,) = active()
    assert (outage.device_code, outage.customers_out) == ("T1", 10)
    assert members_of(outage) == everybody(town, "X1", "X2", "X3") | {town.customers[""][2]}


@pytest.mark.databases
def test_customers_follow_a_box_that_comes_to_another_transformer(town: Town, house: House) -> None:
    today = house.now.astimezone(LOCAL).date()

    def move(day: object) -> None:
        values = {"transformer_code": "T2", "lv_branch_code": ""}
        edit = Edit(act="change", sort="meter_box", code="X2", values=values, day=day)  # type: ignore[arg-type]
        mark = editing.look(edit, actor=SYSTEM, now=house.now).mark
        editing.save(edit, mark=mark, reason="割接", actor=SYSTEM, now=house.now)

    db.run(lambda: move(today + timedelta(days=3)))
    moved = town.customers["X2"]
    assert {town.premises(each).transformer_code for each in moved} == {"T1"}
    session.rollback()
    later = house.now + timedelta(days=3)
    assert db.run(lambda: boxes.follow_days(later.astimezone(LOCAL).date())) == 3
    assert db.run(lambda: boxes.follow_days(later.astimezone(LOCAL).date())) == 0
    session.expire_all()
    assert {town.premises(each).transformer_code for each in moved} == {"T2"}
    assert {grid.current(later).transformer_of(each) for each in moved} == {"T2"}


@pytest.mark.databases
def test_a_confirmed_branch_takes_exactly_those_below_it(town: Town, house: House) -> None:
    town.call("X1", 0, now=house.now)
    town.call("X2", 0, now=house.now + MINUTE)
    (outage,) = active()
    assert outage.device_code == "T1"
    db.run(lambda: confirming.confirm(outage.number, "D1", actor=SYSTEM, now=house.now + 2 * MINUTE))
    (outage,) = active()
    assert (outage.device_code, outage.device_kind, outage.feeder_code) == ("D1", "lv_branch", "F1")
    assert members_of(outage) == everybody(town, "X1", "X2")
    assert covered_by(outage) == {"D1", "X1", "X2"}
    town.call("X3", 0, now=house.now + 3 * MINUTE)
    first, second = active()
    assert (second.kind, members_of(second)) == ("probable_service", {town.customers["X3"][0]})
    known = town.call("X2", 1, now=house.now + 4 * MINUTE)
    assert (known.screening, known.outage_number) == ("known", first.number)
    back = db.run(
        lambda: restoring.restore(
            first.number, ["X2"], at=house.now + 62 * MINUTE, actor=SYSTEM, now=house.now + 62 * MINUTE
        )
    )
    assert (back.customers, back.still_out, back.customer_minutes) == (3, 3, 3 * 62)
    back = db.run(lambda: restoring.restore(first.number, actor=SYSTEM, now=house.now + 90 * MINUTE))
    assert (back.customers, back.still_out, back.customer_minutes) == (3, 0, 3 * 90)


def test_a_meter_box_takes_in_the_single_reports_from_it(town: Town, house: House) -> None:
    town.call("X4", 0, now=house.now)
    town.call("X4", 1, now=house.now + 61 * MINUTE)
    first, _second = active()
    db.run(lambda: confirming.confirm(first.number, "X4", actor=SYSTEM, now=house.now + 62 * MINUTE))
    (outage,) = active()
    assert (outage.device_code, outage.calls, members_of(outage)) == ("X4", 2, everybody(town, "X4"))


def test_a_meter_box_is_restored_within_its_transformers_outage(town: Town, house: House) -> None:
    town.call("X1", 0, now=house.now)
    town.call("X3", 0, now=house.now)
    (outage,) = active()
    db.run(lambda: confirming.confirm(outage.number, actor=SYSTEM, now=house.now + MINUTE))
    back = db.run(lambda: restoring.restore(outage.number, ["D1"], actor=SYSTEM, now=house.now + 30 * MINUTE))
    assert (back.customers, back.still_out) == (6, 3)
    (outage,) = active()
    assert members_of(outage) == everybody(town, "X3")
    total = session.scalar(sa.select(sa.func.sum(OutageStep.customer_minutes)).where(OutageStep.outage_id == outage.id))
    assert total == 6 * 30


def test_a_branch_is_split_off(town: Town, house: House) -> None:
    one = town.call("X1", 0, now=house.now)
    town.call("X3", 0, now=house.now)
    (outage,) = active()
    db.run(
        lambda: calls.split(
            outage.number, [one.call_id], reason="表箱", device="X1", actor=SYSTEM, now=house.now + MINUTE
        )
    )
    found = {each.device_code: members_of(each) for each in active()}
    assert found["X1"] == everybody(town, "X1")
    assert everybody(town, "X1").isdisjoint(found[""] if "" in found else found["T1"])


def test_a_report_that_names_a_meter_box_counts_at_its_transformer(town: Town, house: House) -> None:
    town.call("X1", 0, now=house.now, customer_id=None, phone="13900000001", transformer_code="X1")
    town.call("X3", 0, now=house.now)
    (outage,) = active()
    assert (outage.device_code, outage.calls) == ("T1", 2)


def test_low_voltage_answers_of_the_grid(town: Town, house: House) -> None:
    here = grid.current(house.now)
    assert here.low_under("D1") == ("D1", "X1", "X2")
    assert here.low_under("T1") == here.low_under("K1") == ()
    assert here.low_above("X2") == ("X2", "D1")
    assert (here.transformer_at("X2"), here.transformer_at("T1"), here.transformer_at("K1")) == ("T1", "T1", "K1")
