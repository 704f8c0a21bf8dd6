"""An outage takes over what is known already: a crew under way with its main order, a confirmed outage it takes in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel.db import session
from app.outages.models import Outage, OutageEtr, OutageEvent, OutageInterruption
from app.outages.operations import calls, confirming, restoring
from tests.outages.handling.test_unplanned import fresh, notices
from tests.outages.test_orders import accept
from tests.outages.world import World, active, calls_of
from tests.workorders.house import SURVEY, House

HOUR = timedelta(hours=1)


def warnings(outage: Outage) -> list[str]:
    query = sa.select(OutageEvent.params).where(OutageEvent.outage_id == outage.id, OutageEvent.kind == "warned")
    return [str(params) for params in session.scalars(query)]


@pytest.mark.databases
def test_a_crew_on_site_before_the_confirmation_is_the_outages(world: World, house: House) -> None:
    first = accept(house, "T1")
    house.to_site(first.number)
    etr = house.now + 3 * HOUR
    house.complete(first.number, "survey", "crew_leader", **SURVEY, etr=etr.isoformat())
    accept(house, "T1", 1)
    house.settle()
    (outage,) = active()
    house.do(confirming.confirm, outage.number)
    house.settle()
    outage = fresh(outage)
    assert (outage.status, outage.crew_id) == ("on_site", house.crew)
    assert (outage.etr_at, outage.etr_source, outage.cause) == (etr, "crew", "tree")
    assert [one.occasion for one in notices(outage)] == ["confirmed"]
    house.advance(2 * HOUR)
    assert not any("arrive" in one for one in warnings(outage)), "somebody is on site"
    house.complete(first.number, "repair", "crew_leader", repair_action="restored")
    assert fresh(outage).customers_out == 0


def test_an_order_whose_repair_is_done_does_not_lead_an_outage(world: World, house: House) -> None:
    first, second = accept(house, "T1"), accept(house, "T1", 1)
    (outage,) = active()
    house.to_site(first.number)
    house.repair(first.number)
    house.do(confirming.confirm, outage.number)
    house.settle()
    assert fresh(outage).main_order_id == second.id


@pytest.mark.databases
def test_a_prediction_that_takes_in_a_confirmed_outage_goes_on_from_it(world: World, house: House) -> None:
    accept(house, "T1")
    accept(house, "T1", 1)
    leading = accept(house, "T7")
    accept(house, "T7", 1)
    first, second = active()
    house.do(confirming.confirm, second.number, cause="tree")
    house.settle()
    house.to_site(leading.number)
    estimate = fresh(second).etr_at
    house.do(calls.join, [second.number], into=first.number, reason="同一故障")
    house.settle()
    first = fresh(first)
    assert (first.kind, first.status, first.cause) == ("confirmed_device", "on_site", "tree")
    assert (first.main_order_id, first.crew_id, first.etr_at) == (leading.id, house.crew, estimate)
    assert first.confirmed_at == fresh(second).confirmed_at
    sources = session.scalars(sa.select(OutageEtr.source).where(OutageEtr.outage_id == first.id)).all()
    assert sources == ["rule"]
    assert set(house.tasks(first.number)) == {"ask_etr"}
    house.repair(leading.number)
    house.settle()
    assert fresh(first).customers_out == 0


def test_two_customers_joined_are_no_service_outage_any_more(world: World, house: House) -> None:
    world.call("T1", now=house.now)
    world.call("T7", now=house.now)
    first, second = active()
    house.do(calls.join, [second.number], into=first.number, reason="同一故障")
    house.settle()
    (outage,) = active()
    assert (outage.kind, outage.customers_out) == ("probable_device", 2)
    assert "confirm" in house.tasks(outage.number)


@pytest.mark.databases
def test_a_transformer_split_over_two_outages_counts_once(world: World, house: House) -> None:
    for customer in range(3):
        world.call("T1", customer=customer, now=house.now)
    house.settle()
    (outage,) = active()
    house.do(confirming.confirm, outage.number)
    house.settle()
    house.do(calls.split, outage.number, [call.id for call in calls_of(outage)][:2], reason="户内故障")
    house.settle()
    house.clock.advance(HOUR)
    for one in active():
        house.do(restoring.restore, one.number)
    house.settle()
    session.expire_all()
    rows = session.execute(sa.select(OutageInterruption.customers, OutageInterruption.transformers)).all()
    assert sorted(row.customers for row in rows) == [1, 2]
    assert sum(row.transformers for row in rows) == 1
