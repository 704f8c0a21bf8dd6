"""Batches of meters' signals, and calls whose transformer has left the grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from app.customers.models import Premises
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.outages.operations import regroup, signals
from app.outages.operations.signals import Signal
from tests.outages.test_orders import accept
from tests.outages.world import TOWN, World, active, build, calls_of, members_of, with_customers
from tests.workorders.house import House

METERS = 3
"""Of a transformer of the town."""


def gasps(*transformers: str) -> list[Signal]:
    return [
        Signal(key=f"{code}-{place}", meter_no=f"M{code}-{place}", kind="last_gasp")
        for place in range(METERS)
        for code in transformers
    ]


@pytest.mark.databases
def test_a_batch_forms_the_groups_of_each_feeder_once(
    world: World, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    formed: list[str] = []
    feeder = regroup.feeder

    def counted(code: str, **given: Any) -> Mapping[int, Any]:
        formed.append(code)
        return feeder(code, **given)

    monkeypatch.setattr(regroup, "feeder", counted)
    batch = gasps("T11", "T12", "T1")
    taken = db.run(lambda: signals.receive(batch, actor=SYSTEM, now=house.now))
    assert (taken.written, taken.unknown) == (9, ())
    assert sorted(formed) == sorted({world.grid.feeder_of(code) for code in ("T1", "T11")})
    assert {outage.device_code: outage.customers_out for outage in active()} == {"T1": 3, "F6": 6}
    again = db.run(lambda: signals.receive(batch, actor=SYSTEM, now=house.now))
    assert (again.written, again.known) == (0, 9)
    assert len(active()) == 2


def test_a_long_key_does_not_refuse_the_batch(world: World, house: House) -> None:
    long = [Signal(key="k" * 119 + str(place), meter_no=f"MT1-{place}", kind="last_gasp") for place in range(2)]
    db.run(lambda: signals.receive(long, actor=SYSTEM, now=house.now))
    (outage,) = active()
    assert outage.calls == 2


def without(world: World, gone: str) -> None:
    """The town without a transformer: its customers hang on T2 now."""
    shape = {**TOWN, "CB1": {**TOWN["CB1"], "R1": {**TOWN["CB1"]["R1"], "F1": ["T2", "T3", "T4"]}}}
    customers = {code: list(ids) for code, ids in world.customers.items() if code != gone}
    customers["T2"] = customers["T2"] + world.customers[gone]
    world.grid = with_customers(build(shape, world.unit), customers)
    moved = sa.update(Premises).where(Premises.transformer_code == gone).values(transformer_code="T2")
    db.run(lambda: session.execute(moved))


@pytest.mark.databases
def test_calls_of_a_transformer_that_left_the_grid_are_placed_anew(world: World, house: House) -> None:
    accept(house, "T1")
    (outage,) = active()
    without(world, "T1")
    accept(house, "T2")
    (now_one,) = active()
    assert now_one.device_code == "T2"
    assert {call.transformer_code for call in calls_of(now_one)} == {"T2"}
    assert members_of(now_one) == set(world.customers["T2"] + world.customers["T1"])
    assert [each.id for each in active()] == [now_one.id], f"{outage.number} does not stay beside it"


def test_who_has_no_place_left_waits_for_a_person(world: World, house: House) -> None:
    world.call(transformer_code="T1", now=house.now)
    without(world, "T1")
    world.customers["T1"].clear()
    world.call("T3", now=house.now)
    (outage,) = active()
    assert [call.transformer_code for call in calls_of(outage)] == ["T3"]
