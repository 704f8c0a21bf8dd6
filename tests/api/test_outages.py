"""Outages, trouble reports and signals of meters through the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.settings import ROOT
from app.outages.models import MeterSignal, TroubleCall
from tests.api.tokens import token_of
from tests.identity.factories import make_user
from tests.outages.world import World, active, found
from tests.workorders.house import House

TABLE = "bpmn/outage_unplanned/outage_location.dmn"


@pytest.fixture
def world(app: Flask, house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    db.run(lambda: deploy({TABLE: (ROOT / TABLE).read_bytes()}, actor=SYSTEM, now=house.now))
    county = house.units["GM-LJ-QS"]
    return found(monkeypatch, now=house.now, unit=(county.code, county.path))


@pytest.fixture
def headers(house: House) -> dict[str, str]:
    return token_of(house.people["dispatcher"], house.now, "order.create", "outage.read")


def test_a_report_is_placed_once_by_its_key(world: World, client: FlaskClient, headers: dict[str, str]) -> None:
    body = {"key": "a1", "account_no": "33T1-0"}
    first = client.post("/api/v1/outages/trouble", json=body, headers=headers)
    again = client.post("/api/v1/outages/trouble", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200), first.text
    assert first.get_json()["outage"] == again.get_json()["outage"]
    assert first.get_json()["screening"] == "passed"
    (outage,) = active()
    answer = client.get(f"/api/v1/outages/{outage.number}?lang=en", headers=headers)
    assert answer.get_json()["customers_out"] == 1
    assert answer.get_json()["why"] == [
        "One caller below T1台区: probably one customer's, until 2 call within 60 minutes",
    ]
    listed = client.get("/api/v1/outages?feeder=L-CB1", headers=headers).get_json()
    assert [each["number"] for each in listed["outages"]] == [outage.number]
    assert client.get("/api/v1/outages?feeder=L-CB2", headers=headers).get_json()["outages"] == []
    assert client.get("/api/v1/outages?unit=NOWHERE", headers=headers).get_json()["outages"] == []


def test_meters_report_in_batches_and_need_a_right_of_their_own(
    world: World, client: FlaskClient, house: House, headers: dict[str, str]
) -> None:
    """Their clock runs three hours ahead: the difference to the time of sending is taken off."""
    now = house.now
    ahead = now + timedelta(hours=3)
    signals = [{"key": f"s{n}", "meter": f"MT1-{n}", "kind": "last_gasp", "at": ahead.isoformat()} for n in range(2)]
    stranger = {"key": "s9", "meter": "M-UNKNOWN", "kind": "last_gasp"}
    body = {"sent_at": (ahead + timedelta(minutes=1)).isoformat(), "signals": [*signals, stranger]}
    assert client.post("/api/v1/outages/meter-signals", json=body, headers=headers).status_code == 403
    steward = make_user("steward1", posts=[("steward", house.units["GM"])])
    meters = token_of(steward, now, "outage.report")
    answer = client.post("/api/v1/outages/meter-signals", json=body, headers=meters)
    assert answer.get_json() == {"written": 2, "known": 0, "unknown_meters": ["M-UNKNOWN"]}
    (outage,) = active()
    assert (outage.device_code, outage.started_at) == ("T1", now - timedelta(minutes=1))
    call = session.scalars(sa.select(TroubleCall).order_by(TroubleCall.id)).first()
    assert call is not None
    assert (call.source, call.reported_at) == ("meter", now - timedelta(minutes=1))
    assert session.scalars(sa.select(MeterSignal.device_at)).first() == ahead
    again = client.post("/api/v1/outages/meter-signals", json=body, headers=meters)
    assert again.get_json()["known"] == 2


def test_what_does_not_fit_is_refused_by_field(world: World, client: FlaskClient, headers: dict[str, str]) -> None:
    for body in ({}, {"key": "a", "zone": "z" * 41}, {"key": "a", "at": "yesterday"}, {"key": "a", "what": 1}):
        answer = client.post("/api/v1/outages/trouble", json=body, headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid"), answer.text
    assert client.get("/api/v1/outages/TD0", headers=headers).status_code == 404


def test_whom_nobody_knows_is_for_the_clients_own_dispatchers(
    world: World, client: FlaskClient, house: House, headers: dict[str, str]
) -> None:
    body = {"key": "z1", "phone": "13911112222", "address": "某村口"}
    assert client.post("/api/v1/outages/trouble", json=body, headers=headers).status_code == 201
    call = session.scalars(sa.select(TroubleCall)).one()
    own = house.units["GM-LJ-QS"]
    assert (call.unit_code, call.unit_path, call.screening) == (own.code, own.path, "no_place")
