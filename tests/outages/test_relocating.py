"""A customer's place changes while they are out, or becomes known after they called: they are located again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.customers.models import Customer
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.network import grid
from app.network.operations import editing
from app.network.operations.editing import Edit
from app.outages.models import TroubleCall
from app.outages.operations import calls, confirming
from tests.customers.accounts import make_customer
from tests.outages.real_town import Town, build, work_off
from tests.outages.world import active, calls_of, members_of
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(house: House) -> Town:
    return build(house.units["GM-LJ-QS"], house.now)


def put(town: Town, customer_id: int, now: Any, **place: str) -> None:
    """Change where a customer is, and run what follows."""

    def work() -> None:
        premises = town.premises(customer_id)
        for name, value in place.items():
            setattr(premises, name, value)

    db.run(work)
    work_off(now)


@pytest.mark.databases
def test_a_report_moves_with_its_customer_to_another_feeder(town: Town, house: House) -> None:
    town.call("X1", 0, now=house.now)
    town.call("X3", 0, now=house.now)
    town.call("", 0, now=house.now)
    first, second = active()
    assert (first.device_code, second.kind) == ("T1", "probable_service")
    mover = town.customers["X1"][0]
    put(town, mover, house.now + MINUTE, transformer_code="T3", meter_box="")
    one, three = sorted(active(), key=lambda each: each.feeder_code)
    assert (one.kind, one.calls, members_of(one)) == ("probable_service", 1, {town.customers["X3"][0]})
    assert (three.device_code, three.calls) == ("T3", 2)
    assert members_of(three) == {mover, *town.customers[""]}
    again = {(call.transformer_code, call.feeder_code) for call in calls_of(three)}
    assert again == {("T3", "F3")}
    work_off(house.now + 2 * MINUTE)
    assert [each.calls for each in sorted(active(), key=lambda each: each.feeder_code)] == [1, 2]


@pytest.mark.databases
def test_a_call_is_located_once_its_place_becomes_known(town: Town, house: House) -> None:
    mover = town.customers["X4"][0]
    put(town, mover, house.now, transformer_code="", meter_box="", zone="")
    placed = town.call("X4", 0, now=house.now)
    assert (placed.screening, placed.outage_number) == ("no_place", None)
    put(town, mover, house.now + MINUTE, meter_box="X4")
    (outage,) = active()
    assert (outage.kind, outage.feeder_code, members_of(outage)) == ("probable_service", "F1", {mover})
    (call,) = calls_of(outage)
    assert (call.id, call.screening, call.transformer_code) == (placed.call_id, "passed", "T2")
    town.call("X4", 1, now=house.now + 2 * MINUTE)
    (outage,) = active()
    assert (outage.device_code, outage.calls) == ("T2", 2)


def test_an_account_that_is_made_later_finds_its_call(town: Town, house: House) -> None:
    town.call("X1", 0, now=house.now, customer_id=None, account_no="33NEU", phone="13900000001")
    assert active() == []

    def settle() -> None:
        customer = make_customer(town.unit, "33NEU")
        town.premises(customer.id).transformer_code = "T3"

    db.run(settle)
    work_off(house.now + MINUTE)
    (outage,) = active()
    assert (outage.feeder_code, outage.calls) == ("F3", 1)
    assert session.query(Customer).filter_by(number="33NEU").one().id in members_of(outage)


@pytest.mark.databases
def test_whoever_comes_to_a_confirmed_outage_is_in_it_and_whoever_leaves_is_not(town: Town, house: House) -> None:
    town.call("X1", 0, now=house.now)
    town.call("X3", 0, now=house.now)
    (outage,) = active()
    db.run(lambda: confirming.confirm(outage.number, actor=SYSTEM, now=house.now + MINUTE))
    quiet, comer = town.customers["X2"][1], town.customers[""][1]
    put(town, quiet, house.now + 2 * MINUTE, transformer_code="T3", meter_box="")
    put(town, comer, house.now + 3 * MINUTE, transformer_code="", meter_box="X2")
    # nobody of T3 called: nothing changes for those who are in no outage and report nothing
    (outage,) = active()
    assert quiet not in members_of(outage)
    assert outage.customers_out == 8
    town.call("", 1, now=house.now + 4 * MINUTE)
    (outage,) = active()
    assert comer in members_of(outage)
    assert outage.customers_out == 9
    put(town, comer, house.now + 5 * MINUTE, transformer_code="T3", meter_box="")
    old, new = active()
    assert (old.customers_out, old.calls) == (8, 2)
    assert (new.kind, new.feeder_code, members_of(new)) == ("probable_service", "F3", {comer})


def test_what_a_dispatcher_placed_stays(town: Town, house: House) -> None:
    placed = town.call("X1", 0, now=house.now)
    number = db.run(lambda: calls.move(placed.call_id, None, reason="现场确认", actor=SYSTEM, now=house.now))
    put(town, town.customers["X1"][0], house.now + MINUTE, transformer_code="T3", meter_box="")
    (outage,) = active()
    assert (outage.number, [call.id for call in calls_of(outage)]) == (number, [placed.call_id])
    assert members_of(outage) == {town.customers["X1"][0]}


def test_a_change_that_moves_nobody_starts_nothing(town: Town, house: House) -> None:
    town.call("X1", 0, now=house.now)
    put(town, town.customers["X1"][0], house.now + MINUTE, area="rural")
    put(town, town.customers["X2"][0], house.now + MINUTE, meter_box="X1")
    (outage,) = active()
    (call,) = calls_of(outage)
    assert call.revision == 2
    assert outage.revision <= 2


def test_a_report_for_another_place_than_the_accounts_stays_there(town: Town, house: House) -> None:
    placed = town.call("X1", 0, now=house.now, transformer_code="T3")
    put(town, town.customers["X1"][0], house.now + MINUTE, transformer_code="T2", meter_box="X4")
    session.expire_all()
    assert session.get_one(TroubleCall, placed.call_id).transformer_code == "T3"


@pytest.mark.databases
def test_reports_follow_devices_that_a_steward_moves_to_another_feeder(town: Town, house: House) -> None:
    town.call("X4", 0, now=house.now)
    town.call("X4", 1, now=house.now)
    (outage,) = active()
    assert (outage.device_code, outage.feeder_code) == ("T2", "F1")

    def edit(code: str, values: dict[str, str]) -> None:
        wish = Edit(act="change", sort="switch", code=code, values=values)
        mark = editing.look(wish, accept=("loop", "island", "unsupplied"), actor=SYSTEM, now=house.now).mark
        accept = ("loop", "island", "unsupplied")
        editing.save(wish, mark=mark, reason="改接", accept=accept, actor=SYSTEM, now=house.now)

    def both() -> None:
        edit("K9", {"from_code": "T1", "to_code": "L2"})
        edit("K2", {"from_code": "T2", "to_code": "L9"})

    db.run(both)
    work_off(house.now + MINUTE)
    assert grid.current(house.now).feeder_of("T2") in {"F1", "F3", ""}
    (outage,) = active()
    assert outage.calls == 2
    assert {call.feeder_code for call in calls_of(outage)} == {grid.current(house.now).feeder_of("T2") or "F1"}
