"""Reports that nobody can place: seen, placed by hand, put away; never counted before."""

from __future__ import annotations

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.outages.models import TroubleCall
from tests.identity.factories import make_user, sign_in
from tests.outages.world import World, active
from tests.workorders.house import House, definitions

PRANK = "13900001111"


def calls() -> list[TroubleCall]:
    session.expire_all()
    return list(session.scalars(sa.select(TroubleCall).order_by(TroubleCall.id)))


def nowhere(world: World, house: House, phone: str = "") -> TroubleCall:
    county = house.units["GM-LJ-QS"]
    world.call(now=house.now, address="某村口", unit_code=county.code, unit_path=county.path, phone=phone)
    return calls()[-1]


def test_a_report_without_a_place_waits_on_the_page(world: World, house: House, client: FlaskClient) -> None:
    call = nowhere(world, house, phone="13812345678")
    db.run(lambda: deploy(definitions("outage_board"), actor=SYSTEM, now=house.now))
    sign_in(client, house.people["dispatcher"])
    page = client.get("/outages/calls?lang=en").text
    assert "某村口" in page
    assert "Without a place in the grid" in page
    assert 'href="/outages/calls">1</a>' in client.get("/outages").text
    sign_in(client, make_user("elsewhere", posts=[("dispatcher", house.units["GM-LJ-BH"])]))
    assert "某村口" not in client.get("/outages/calls").text
    sent = {"reason": "看看", "revision": call.revision}
    assert client.post(f"/outages/calls/{call.id}/dismiss", data=sent).status_code == 403
    sign_in(client, house.people["agent"])
    assert client.post(f"/outages/calls/{call.id}/dismiss", data=sent).status_code == 403


def test_a_dispatcher_places_it(world: World, house: House, client: FlaskClient) -> None:
    world.call("T1", now=house.now)
    (outage,) = active()
    call = nowhere(world, house)
    sign_in(client, house.people["dispatcher"])
    place = f"/outages/calls/{call.id}/place"
    sent = {"reason": "电话核实", "revision": str(call.revision)}
    assert client.post(place, data=sent).status_code == 422
    missing = client.post(f"{place}?lang=en", data={**sent, "to": "TD1"})
    assert missing.status_code == 422
    assert "There is no outage TD1." in missing.text
    assert client.post(place, data={**sent, "to": outage.number}).location == f"/outages/{outage.number}"
    (outage,) = active()
    assert outage.calls == 2
    assert client.post(place, data={**sent, "to": outage.number}).status_code == 422, "somebody placed it"
    assert "某村口" not in client.get("/outages/calls").text


def test_pranks_are_believed_or_put_away(world: World, house: House, client: FlaskClient) -> None:
    for customer in range(3):
        for transformer in ("T1", "T5", "T8"):
            world.call(transformer, customer=customer, now=house.now, phone=PRANK)
    assert active() == []
    first, second = calls()[:2]
    assert first.suspect
    sign_in(client, house.people["dispatcher"])
    sent = {"reason": "回拨属实", "revision": str(first.revision)}
    assert client.post(f"/outages/calls/{first.id}/own", data=sent).status_code == 302
    (outage,) = active()
    assert (outage.calls, outage.customers_out) == (1, 1)
    assert client.post(f"/outages/calls/{second.id}/dismiss", data={"reason": "", "revision": "1"}).status_code == 422
    sent = {"reason": "骚扰", "revision": str(second.revision)}
    assert client.post(f"/outages/calls/{second.id}/dismiss", data=sent).status_code == 302
    assert (calls()[1].state, calls()[1].outage_id) == ("closed", None)
    assert len(active()) == 1


def test_nobody_waits_is_said(world: World, house: House, client: FlaskClient) -> None:
    sign_in(client, house.people["dispatcher"])
    assert "Every report has its place" in client.get("/outages/calls?lang=en").text


def test_a_zone_lets_go_of_pranks(world: World, house: House) -> None:
    county = house.units["GM-LJ-QS"]
    unit = {"unit_code": county.code, "unit_path": county.path}
    for place in range(9):
        world.call(now=house.now, phone=PRANK, address=f"无名路{place}号", zone="Z-X", **unit)
    assert active() == []
    assert all(call.suspect and call.outage_id is None for call in calls())


def test_one_place_reported_again_and_again_is_a_prank_in_the_end(world: World, house: House) -> None:
    for _ in range(19):
        world.call("T1", now=house.now, phone=PRANK)
    assert all(call.suspect for call in calls())
