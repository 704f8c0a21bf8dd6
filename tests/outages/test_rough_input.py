"""What is wrong with reports: unknown callers, no place, prank storms, clocks, the same report twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.customers.addresses import key
from app.customers.models import Customer, Premises
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.outages.models import MeterSignal, TroubleCall
from app.outages.operations.clocks import corrected
from app.outages.operations.signals import Signal, receive
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


def test_one_number_that_calls_fifty_times_makes_no_device_outage(world: World, house: House) -> None:
    """For one household, for a name nobody knows, and for many households: a single caller fails no transformer."""
    for n in range(50):
        world.call("T1", phone="13900000009", now=house.now + n * MINUTE)
    assert [outage.kind for outage in active() if outage.kind != "probable_service"] == []
    kept = session.scalars(sa.select(TroubleCall)).all()
    assert len(kept) == 50
    assert sum(call.suspect for call in kept) > 0


def test_fifty_calls_of_a_number_nobody_knows_are_no_zones_outage(world: World, house: House) -> None:
    for n in range(50):
        world.call(phone="13900000009", zone="城南", address=f"解放路{n}号", now=house.now + n * MINUTE)
    assert [outage.kind for outage in active() if outage.kind != "probable_service"] == []


def test_fifty_calls_for_one_transformer_named_each_time_are_one_callers(world: World, house: House) -> None:
    for n in range(50):
        world.call(phone="13900000009", transformer_code="T5", now=house.now + n * MINUTE)
    assert [outage.kind for outage in active() if outage.kind != "probable_service"] == []


def test_fifty_calls_for_many_households_leave_nothing(world: World, house: House) -> None:
    places = [(transformer, customer) for transformer in world.customers for customer in range(3)]
    for n in range(50):
        transformer, customer = places[n % len(places)]
        world.call(transformer, customer=customer, phone="13900000009", now=house.now + n * MINUTE)
    assert active() == []
    assert {call.suspect for call in session.scalars(sa.select(TroubleCall))} == {True}


@pytest.mark.parametrize(
    ("says", "counts"),
    [
        (timedelta(hours=3), timedelta(0)),
        (timedelta(minutes=1), timedelta(0)),
        (-2 * DAY, timedelta(0)),
        (-5 * MINUTE, -5 * MINUTE),
    ],
    ids=["far ahead", "a little ahead", "two days old", "on the way"],
)
def test_a_last_gasp_with_a_wrong_clock_is_an_outage_of_the_right_time(
    says: timedelta, counts: timedelta, world: World, house: House
) -> None:
    """Two meters of one transformer: the device's clock neither hides the outage nor dates it."""
    batch = [
        Signal(key=f"gasp-{n}", meter_no=f"MT1-{n}", kind="last_gasp", device_at=house.now + says) for n in range(2)
    ]
    taken = db.run(lambda: receive(batch, actor=SYSTEM, now=house.now))
    assert (taken.written, taken.unknown) == (2, ())
    (outage,) = active()
    assert (outage.device_code, outage.started_at) == ("T1", house.now + counts)
    assert {call.device_at for call in calls_of(outage)} == {None}
    rows = session.scalars(sa.select(MeterSignal)).all()
    assert {(row.device_at, row.at) for row in rows} == {(house.now + says, house.now + counts)}


def test_an_old_gasp_does_not_speak_against_power_that_came_back(world: World, house: House) -> None:
    """A gasp of ten minutes ago that arrives after the return of power says nothing of now."""
    gasp = Signal(key="g", meter_no="MT1-0", kind="last_gasp", device_at=house.now - 10 * MINUTE)
    back = Signal(key="r", meter_no="MT1-0", kind="restored", device_at=house.now - 5 * MINUTE)
    db.run(lambda: receive([back], actor=SYSTEM, now=house.now))
    db.run(lambda: receive([gasp], actor=SYSTEM, now=house.now + MINUTE))
    assert active() == []


def test_signals_of_meters_nobody_knows_are_named_and_do_nothing(world: World, house: House) -> None:
    gasp = Signal(key="g", meter_no="M-NIX", kind="last_gasp")
    taken = db.run(lambda: receive([gasp], actor=SYSTEM, now=house.now))
    assert (taken.written, taken.unknown) == (0, ("M-NIX",))
    assert active() == []
