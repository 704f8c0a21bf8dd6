"""From calls to outages: the five rules, on a small town."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.kernel.db import session
from app.outages.models import TroubleCall
from tests.outages.world import World, active, calls_of, covered_by, devices, members_of
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)


@pytest.mark.databases
def test_one_call_is_a_probable_service_outage(world: World, house: House) -> None:
    placed = world.call("T1", now=house.now)
    (outage,) = active()
    assert placed.outage_number == outage.number
    assert (outage.kind, outage.status, outage.device_code) == ("probable_service", "predicted", "")
    assert outage.feeder_code == "L-CB1"
    assert outage.unit_code == "GM-LJ-QS"
    assert members_of(outage) == {world.customers["T1"][0]}
    assert outage.why["rule"] == "single"
    assert outage.why["dmn"] == ["outage_location_002"]


@pytest.mark.databases
def test_two_callers_within_the_window_are_the_transformer(world: World, house: House) -> None:
    first = world.call("T1", now=house.now)
    world.call("T1", customer=1, now=house.now + 59 * MINUTE)
    (outage,) = active()
    assert outage.number == first.outage_number
    assert (outage.kind, outage.device_code, outage.calls) == ("probable_device", "T1", 2)
    assert outage.customers_out == 3
    assert members_of(outage) == set(world.customers["T1"])
    assert covered_by(outage) == {"T1"}
    assert outage.why["rule"] == "calls"
    assert outage.started_at == house.now


def test_two_callers_out_of_the_window_stay_two(world: World, house: House) -> None:
    world.call("T1", now=house.now)
    world.call("T1", customer=1, now=house.now + 61 * MINUTE)
    assert devices() == ["", ""]


def test_one_caller_twice_counts_once(world: World, house: House) -> None:
    world.call("T1", now=house.now)
    world.call("T1", now=house.now + MINUTE)
    (outage,) = active()
    assert (outage.kind, outage.calls, outage.customers_out) == ("probable_service", 2, 1)


def test_predicted_children_move_to_the_protective_device_and_on_to_the_breaker(world: World, house: House) -> None:
    for transformer in ("T1", "T2"):
        for customer in (0, 1):
            world.call(transformer, customer=customer, now=house.now)
    assert devices() == ["F1"]
    for transformer in ("T5", "T6"):
        for customer in (0, 1):
            world.call(transformer, customer=customer, now=house.now)
    assert devices() == ["R1"]
    for transformer in ("T8", "T9"):
        for customer in (0, 1):
            world.call(transformer, customer=customer, now=house.now)
    assert devices() == ["F4", "R1"]
    for customer in (0, 1):
        world.call("T10", customer=customer, now=house.now)
    (outage,) = active()
    assert outage.device_code == "CB1"
    assert outage.device_kind == "feeder_breaker"
    assert outage.customers_out == 30
    assert outage.calls == 14
    assert len(calls_of(outage)) == 14
    assert outage.why["rule"] == "children"


def test_a_share_too_small_stays_where_it_is(world: World, house: House) -> None:
    for customer in (0, 1):
        world.call("T1", customer=customer, now=house.now)
    assert devices() == ["T1"]
    world.call("T2", now=house.now)
    assert devices() == ["", "T1"]


def test_an_alive_meter_below_holds_the_prediction_down(world: World, house: House) -> None:
    placed = world.call("T1", now=house.now, meter_alive=True)
    assert (placed.outage_number, placed.screening) == (None, "meter_alive")
    assert active() == []
    call = session.get_one(TroubleCall, placed.call_id)
    assert (call.state, call.outage_id) == ("screened", None)


@pytest.mark.databases
def test_a_known_open_switch_goes_before_calls(world: World, house: House) -> None:
    world.call("T1", now=house.now)
    world.switch("R1", "", now=house.now + MINUTE)
    (outage,) = active()
    assert (outage.kind, outage.device_code) == ("real_device", "R1")
    assert outage.customers_out == 21
    world.call("T7", now=house.now + 2 * MINUTE)
    (outage,) = active()
    assert outage.calls == 2
    assert outage.why["rule"] == "open_switch"


def test_a_switch_closed_again_within_the_threshold_was_momentary(world: World, house: House) -> None:
    world.switch("R1", "", now=house.now)
    (outage,) = active()
    world.switch("R1", "ABC", now=house.now + 2 * MINUTE)
    assert active() == []
    session.refresh(outage)
    assert (outage.kind, outage.status) == ("momentary", "closed")
    assert (outage.customers_out, outage.customers_restored) == (0, 21)


def test_a_switch_closed_later_ends_an_outage(world: World, house: House) -> None:
    world.switch("R1", "", now=house.now)
    (outage,) = active()
    world.switch("R1", "ABC", now=house.now + 20 * MINUTE)
    session.refresh(outage)
    assert (outage.kind, outage.status, outage.restored_at) == ("real_device", "closed", house.now + 20 * MINUTE)
