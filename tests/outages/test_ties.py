"""Ties between feeders while outages are under way: who is restored, out again, located where they hang; minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app.kernel import db
from app.kernel.db import session
from app.outages.models import Outage, OutageCustomer, OutageDevice, OutageStep
from app.outages.operations import confirming
from tests.outages.real_town import Town, build
from tests.outages.world import active, calls_of, covered_by, members_of
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(house: House) -> Town:
    return build(house.units["GM-LJ-QS"], house.now)


def minutes(outage: Outage) -> float:
    """Customer-minutes by customers; the steps must say the same."""
    rows = session.execute(
        sa.select(OutageCustomer.out_at, OutageCustomer.restored_at).where(OutageCustomer.outage_id == outage.id)
    ).all()
    total = sum((back - out).total_seconds() / 60 for out, back in rows if back is not None)
    steps = session.scalar(sa.select(sa.func.sum(OutageStep.customer_minutes)).where(OutageStep.outage_id == outage.id))
    assert steps == pytest.approx(total)
    noted = session.scalars(
        sa.select(sa.func.sum(OutageStep.customers)).where(OutageStep.outage_id == outage.id, OutageStep.kind == "out")
    ).one()
    assert noted == len(rows)
    return total


def nobody_twice() -> None:
    for column in (OutageCustomer.customer_id, OutageDevice.device_code):
        model = column.class_
        query = sa.select(column).where(model.active).group_by(column).having(sa.func.count() > 1)
        assert session.scalars(query).all() == []


def trip_and_tie(town: Town, at: datetime) -> Outage:
    """K1 trips; ten minutes later T2 is cut off from it and supplied by the tie, at twelve minutes."""
    town.switch("K1", "open", now=at)
    (outage,) = active()
    assert (outage.kind, outage.device_code, outage.customers_out) == ("real_device", "K1", 12)
    town.switch("K2", "open", now=at + 10 * MINUTE)
    town.switch("K9", "closed", now=at + 12 * MINUTE)
    (outage,) = active()
    return outage


@pytest.mark.databases
def test_a_tie_restores_its_part_and_loses_it_again(town: Town, house: House) -> None:
    outage = trip_and_tie(town, house.now)
    assert (outage.status, outage.customers_out, covered_by(outage)) == ("partially_restored", 9, {"T1"})
    assert minutes(outage) == 3 * 12
    nobody_twice()
    town.switch("K9", "open", now=house.now + 30 * MINUTE)
    (outage,) = active()
    assert (outage.customers_out, covered_by(outage)) == (12, {"T1", "T2"})
    nobody_twice()
    town.switch("K1", "closed", now=house.now + 60 * MINUTE)
    (outage,) = active()
    assert (outage.customers_out, covered_by(outage)) == (3, {"T2"})
    town.switch("K2", "closed", now=house.now + 65 * MINUTE)
    (outage,) = active()
    assert (outage.status, outage.restored_at, outage.customers_out) == ("restored", house.now + 65 * MINUTE, 0)
    assert minutes(outage) == 9 * 60 + 3 * 12 + 3 * 35
    nobody_twice()


@pytest.mark.databases
def test_new_reports_are_located_under_the_feeder_that_supplies_them_now(town: Town, house: House) -> None:
    outage = trip_and_tie(town, house.now)
    dead = town.call("X1", 0, now=house.now + 13 * MINUTE)
    assert (dead.screening, dead.outage_number) == ("known", outage.number)
    town.call("X4", 0, now=house.now + 14 * MINUTE)
    town.call("X4", 1, now=house.now + 15 * MINUTE)
    town.call("", 0, now=house.now + 15 * MINUTE)
    town.call("", 1, now=house.now + 16 * MINUTE)
    first, second = active()
    assert (first.id, second.device_code, second.feeder_code) == (outage.id, "K3", "F3")
    assert covered_by(second) == {"T2", "T3"}
    assert second.calls == 4
    nobody_twice()
    town.switch("K9", "open", now=house.now + 30 * MINUTE)
    by_device = {each.device_code: each for each in active()}
    assert covered_by(by_device["K1"]) == {"T1", "T2"}
    assert members_of(by_device["K1"]) == {c for box in ("X1", "X2", "X3", "X4") for c in town.customers[box]}
    assert covered_by(by_device["T3"]) == {"T3"}
    assert {call.customer_id for call in calls_of(by_device["T3"])} == set(town.customers[""][:2])
    every = [call for each in by_device.values() for call in calls_of(each)]
    assert len(every) == len({call.id for call in every}) == 5
    assert [each.calls for each in by_device.values()] == [len(calls_of(each)) for each in by_device.values()]
    nobody_twice()


@pytest.mark.databases
def test_a_prediction_moves_with_its_transformer_and_keeps_its_number(town: Town, house: House) -> None:
    town.call("X4", 0, now=house.now)
    town.call("X4", 1, now=house.now + MINUTE)
    (outage,) = active()
    assert (outage.device_code, outage.feeder_code) == ("T2", "F1")
    number = outage.number
    town.switch("K9", "closed", now=house.now + 2 * MINUTE)
    town.switch("K2", "open", now=house.now + 3 * MINUTE)
    (outage,) = active()
    assert (outage.number, outage.feeder_code, outage.feeder_name, outage.calls) == (number, "F3", "F3号", 2)
    assert {call.feeder_code for call in calls_of(outage)} == {"F3"}
    assert members_of(outage) == set(town.customers["X4"])
    town.switch("K2", "closed", now=house.now + 4 * MINUTE)
    town.switch("K9", "open", now=house.now + 5 * MINUTE)
    (outage,) = active()
    assert (outage.number, outage.feeder_code, outage.calls) == (number, "F1", 2)
    nobody_twice()


@pytest.mark.databases
def test_a_prediction_is_parted_where_a_tie_takes_a_part_of_it(town: Town, house: House) -> None:
    for box in ("X1", "X4"):
        for customer in (0, 1):
            town.call(box, customer, now=house.now)
    (outage,) = active()
    assert (outage.device_code, outage.calls) == ("K1", 4)
    town.switch("K9", "closed", now=house.now + 2 * MINUTE)
    town.switch("K2", "open", now=house.now + 3 * MINUTE)
    found = {each.feeder_code: each for each in active()}
    assert {code: (each.device_code, each.calls) for code, each in found.items()} == {"F1": ("T1", 2), "F3": ("T2", 2)}
    assert {call.feeder_code for each in found.values() for call in calls_of(each)} == {"F1", "F3"}
    assert members_of(found["F3"]) == set(town.customers["X4"])
    nobody_twice()


def test_a_confirmed_outage_is_restored_by_hand_alone(town: Town, house: House) -> None:
    town.switch("K1", "open", now=house.now)
    (outage,) = active()
    db.run(lambda: confirming.confirm(outage.number, actor=house.actor("dispatcher"), now=house.now + MINUTE))
    town.switch("K2", "open", now=house.now + 2 * MINUTE)
    town.switch("K9", "closed", now=house.now + 3 * MINUTE)
    (outage,) = active()
    assert (outage.status, outage.customers_out) == ("confirmed", 12)
