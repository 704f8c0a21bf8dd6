"""Posts that nobody holds: an order of a station is led, handled, reviewed by the nearest unit above that can."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.identity.operations import end_appointment
from app.identity.queries import appointments_of, nearest_staffed, staffed_groups
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.workorders.operations import vacant
from app.workorders.queries.vacant import vacant_posts
from tests.identity.factories import make_unit, make_user, sign_in
from tests.workorders.desk import COMPLAINT, close, hand_out, investigate
from tests.workorders.house import House, build

pytestmark = pytest.mark.databases


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    return build(clock, "complaint", "opinion")


def leave(house: House, post: str) -> None:
    """Nobody holds the post any more."""
    user = house.people[post]
    for held in appointments_of([user.id], at=house.now)[user.id]:
        db.run(lambda held=held: end_appointment(held.id, actor=SYSTEM, now=house.now))
    house.clock.advance(timedelta(seconds=1))


def groups(house: House, number: str, element: str) -> tuple[tuple[str, str], ...]:
    return house.tasks(number)[element].candidates


def test_an_order_of_a_station_is_led_and_handled_by_its_county(house: House) -> None:
    make_unit("GM-LJ-QS-01", kind="station", parent=house.units["GM-LJ-QS"], name="城东供电所")
    number = house.accept(**COMPLAINT, against_unit="GM-LJ-QS-01", unit="GM-LJ-QS-01").number
    assert house.order(number).lead_unit == "GM-LJ-QS"
    hand_out(house, number)
    investigate(house, number)
    close(house, number)
    assert house.order(number).status == "ARCHIVED"


def test_a_vacant_post_hands_its_tasks_up_as_they_come_and_when_its_last_holder_leaves(
    house: House, client: FlaskClient
) -> None:
    number = house.accept(**COMPLAINT).number
    hand_out(house, number)
    leave(house, "reviewer")
    investigate(house, number)
    assert groups(house, number, "review") == (("group", "reviewer@GM-LJ"),)
    leave(house, "city_reviewer")
    assert vacant.sweep(house.now) == 0
    [row] = vacant_posts(["/"], at=house.now)
    assert (row.post, row.unit.code, row.tasks) == ("reviewer", "GM-LJ", 1)
    sign_in(client, house.people["supervisor"])
    assert "空缺岗位" not in client.get("/orders/counts").get_data(as_text=True), "the city's, not the county's"
    sign_in(client, house.people["city_supervisor"])
    assert "空缺岗位" in client.get("/orders/counts").get_data(as_text=True)
    make_user("province_reviewer", posts=[("reviewer", house.units["GM"])])
    assert vacant.sweep(house.now) == 1
    assert groups(house, number, "review") == (("group", "reviewer@GM"),)
    assert vacant_posts(["/"], at=house.now) == []


def test_groups_and_units_with_somebody_in_them(house: House) -> None:
    county = house.units["GM-LJ-QS"]
    asked = ["reviewer@GM-LJ-QS", "discipline@GM-LJ-QS", "reviewer@GM", "nonsense"]
    assert staffed_groups(asked, at=house.now) == {"reviewer@GM-LJ-QS"}
    found = nearest_staffed("discipline", county.path, at=house.now)
    assert found is not None
    assert found.code == "GM-LJ"
    assert nearest_staffed("billing", county.path, at=house.now) is None
