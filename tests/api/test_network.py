"""The grid by the API: devices, and SCADA's reports with clocks that are wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.network import grid, listeners
from app.network.models import Switching
from tests.api.test_tasks import token_of
from tests.identity.factories import make_tree, make_user
from tests.network.factories import load_oberrhein

SWITCH = "/api/v1/network/switches/L193-2"


@pytest.fixture
def scada(app: object, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(listeners, "_listeners", [])
    unit = make_tree()["P-A-X"]
    load_oberrhein(unit=(unit.code, unit.path))
    user = make_user("scada", posts=[("grid_steward", unit)])
    return token_of(user, clock, "network.read", "network.switch")


def test_devices_are_found_and_read(client: FlaskClient, scada: dict[str, str]) -> None:
    found = client.get("/api/v1/network/devices?q=L193", headers=scada).json["devices"]
    assert found[0]["code"] == "L193"
    device = client.get("/api/v1/network/devices/L193-2", headers=scada).json
    assert (device["kind"], device["position"], len(device["transformers"])) == ("feeder_breaker", "closed", 55)
    assert client.get("/api/v1/network/devices/nothing", headers=scada).status_code == 404
    assert client.get("/api/v1/network/switches/L193", headers=scada).status_code == 404


def test_an_event_counts_once(client: FlaskClient, scada: dict[str, str], clock: FrozenClock) -> None:
    sent = {"event_id": "e1", "state": "open", "at": clock.now().isoformat()}
    first = client.post(SWITCH, json=sent, headers=scada).json
    again = client.post(SWITCH, json=sent, headers=scada).json
    assert (first["changed"], again["changed"], again["note"]) == (True, False, "repeated")
    assert session.query(Switching).count() == 1
    assert client.get(SWITCH, headers=scada).json["present"] == ""
    assert client.post(SWITCH, json={**sent, "event_id": ""}, headers=scada).status_code == 422


def test_a_report_that_comes_late_changes_nothing(
    client: FlaskClient, scada: dict[str, str], clock: FrozenClock
) -> None:
    begun = clock.now()
    clock.advance(timedelta(minutes=10))
    client.post(SWITCH, json={"event_id": "e2", "state": "closed", "at": clock.now().isoformat()}, headers=scada)
    late = {"event_id": "e1", "state": "open", "at": begun.isoformat()}
    assert client.post(SWITCH, json=late, headers=scada).json["note"] == "late"
    assert grid.current(clock.now()).state("L193-2") == "ABC"
    assert session.query(Switching).filter_by(applied=False).count() == 1


def test_a_clock_that_runs_ahead_or_behind_is_put_right(
    client: FlaskClient, scada: dict[str, str], clock: FrozenClock
) -> None:
    ahead = clock.now() + timedelta(hours=3)
    sent = {"event_id": "a", "state": "open", "at": ahead.isoformat()}
    assert client.post(SWITCH, json=sent, headers=scada).json["note"] == "clock_ahead"
    clock.advance(timedelta(minutes=1))
    behind = clock.now() - timedelta(hours=8)
    sent = {
        "event_id": "b",
        "state": "closed",
        "at": behind.isoformat(),
        "sent_at": (behind + timedelta(seconds=2)).isoformat(),
    }
    closed = client.post(SWITCH, json=sent, headers=scada).json
    assert (closed["changed"], closed["note"]) == (True, "")
    row = session.query(Switching).order_by(Switching.id.desc()).first()
    assert row is not None
    assert row.happened_at == clock.now() - timedelta(seconds=2)
