"""What is wrong with reports: unknown callers, no place, prank storms, clocks, the same report twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.customers.addresses import key
from app.customers.models import Customer, Premises
from app.kernel.db import session
from app.outages.models import TroubleCall
from app.outages.operations.clocks import corrected
from app.outages.operations.trouble import InvalidTrouble
from tests.outages.world import World, active, calls_of
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def test_the_same_report_twice_changes_nothing(world: World, house: House) -> None:
    first = world.call("T1", key="k", now=house.now)
    again = world.call("T1", key="k", now=house.now + MINUTE)
    assert (again.call_id, again.outage_number, again.new) == (first.call_id, first.outage_number, False)
    assert session.scalar(sa.select(sa.func.count()).select_from(TroubleCall)) == 1


def test_an_unknown_caller_is_known_by_an_address_that_is_one_customers(world: World, house: House) -> None:
    placed = world.call(address="青山县T5路1号", phone="13900000001", now=house.now)
    (outage,) = active()
    assert placed.outage_number == outage.number
    (call,) = calls_of(outage)
    assert (call.account_no, call.transformer_code, call.screening_facts["found_by"]) == ("33T5-0", "T5", "address")


def test_calls_without_a_place_group_by_their_zone(world: World, house: House) -> None:
    world.call(zone="城南", phone="13900000001", address="不知道", now=house.now)
    (outage,) = active()
    assert (outage.kind, outage.zone, outage.why["rule"]) == ("probable_service", "城南", "zone_single")
    world.call(zone="城南", phone="13900000002", now=house.now + 50 * MINUTE)
    world.call(zone="城北", phone="13900000003", now=house.now + 50 * MINUTE)
    south, north = active()
    assert (south.kind, south.calls, south.why["rule"]) == ("probable_device", 2, "zone")
    assert north.kind == "probable_service"


def test_the_zone_of_an_address_is_that_of_its_street(world: World, house: House) -> None:
    at = sa.select(Customer.premises_id).where(Customer.id == world.customers["T7"][0]).scalar_subquery()
    session.execute(sa.update(Premises).where(Premises.id == at).values(address_key=key("青山县解放路12号")))
    session.commit()
    world.call(address="青山县解放路 99 号", phone="13900000001", now=house.now)
    (outage,) = active()
    assert outage.zone == "Z-T7"


def test_without_place_and_zone_a_call_waits_and_says_why(world: World, house: House) -> None:
    placed = world.call(phone="13900000001", address="某处", now=house.now)
    assert (placed.outage_number, placed.screening) == (None, "no_place")
    assert active() == []
    assert session.get_one(TroubleCall, placed.call_id).state == "open"


def test_a_storm_from_one_number_is_kept_and_does_not_count(world: World, house: House) -> None:
    """One number calls for seven households: six are plausible (a warden), the seventh makes all suspect."""
    places = [("T1", 0), ("T1", 1), ("T2", 0), ("T2", 1), ("T5", 0), ("T5", 1)]
    for transformer, customer in places:
        world.call(transformer, customer=customer, phone="13900000009", now=house.now)
    assert "F1" in [outage.device_code for outage in active()]
    placed = world.call("T8", phone="13900000009", now=house.now + MINUTE)
    assert (placed.screening, placed.outage_number) == ("suspect", None)
    assert active() == []
    kept = session.scalars(sa.select(TroubleCall)).all()
    assert [(call.suspect, call.state) for call in kept] == [(True, "open")] * 7
    world.call("T1", phone="13900000010", now=house.now + 2 * MINUTE)
    (outage,) = active()
    assert (outage.kind, outage.calls) == ("probable_service", 1)


@pytest.mark.parametrize(
    ("says", "sent", "counts"),
    [
        (0, None, 0),
        (-30, None, -30),
        (1, None, 0),
        (180, None, 0),
        (-3000, None, 0),
        (180, 190, -10),
        (-500, -490, -10),
        (180, 5000, -1440),
    ],
    ids=["right", "late", "a little ahead", "far ahead", "days old", "ahead", "behind", "very long on the way"],
)
def test_clocks_that_run_wrong_are_set_right(says: int, sent: int | None, counts: int, house: House) -> None:
    """In minutes after now: what the device says, when it says it sent, and what counts."""
    at = corrected(
        house.now + says * MINUTE,
        sent_at=house.now + sent * MINUTE if sent is not None else None,
        received_at=house.now,
        ahead=2 * MINUTE,
        behind=DAY,
    )
    assert at == house.now + counts * MINUTE


def test_what_cannot_be_a_report_is_refused_by_field(world: World, house: House) -> None:
    with pytest.raises(InvalidTrouble) as refused:
        world.call(source="rumour", key="", zone="z" * 41, now=house.now)
    assert set(refused.value.details["errors"]) == {"source", "key", "zone"}


def test_a_customer_cut_off_for_arrears_is_told_so(world: World, house: House) -> None:
    session.get_one(Customer, world.customers["T1"][0]).cut_off = True
    session.commit()
    placed = world.call("T1", now=house.now)
    assert (placed.screening, placed.outage_number) == ("cut_off", None)
    assert active() == []
