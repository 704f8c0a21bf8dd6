"""The pages of the roster and of vehicles, and the API of positions."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask.testing import FlaskClient

from app.workorders.queries.crews import crew_view
from tests.conftest import START
from tests.identity.factories import sign_in
from tests.workorders.house import House


def test_a_week_is_written_in_cells_and_a_wrong_cell_is_named(client: FlaskClient, house: House) -> None:
    sign_in(client, house.people["dispatcher"])
    cell = f"s_{house.crew}_2026-03-03"
    refused = client.post("/crews/roster", data={"week": "2026-03-02", cell: "nonsense", f"was_{cell}": ""})
    assert refused.status_code == 422
    assert "nonsense" in refused.text
    written = client.post("/crews/roster", data={"week": "2026-03-02", cell: "08:00-20:00", f"was_{cell}": ""})
    assert written.status_code == 303
    assert 'value="08:00-20:00"' in client.get("/crews/roster?week=2026-03-02").text
    copied = client.post("/crews/roster/copy", data={"week": "2026-03-09"}, follow_redirects=True)
    assert 'value="08:00-20:00"' in copied.text


def test_a_crew_reads_the_roster_without_fields(client: FlaskClient, house: House) -> None:
    sign_in(client, house.people["crew"])
    page = client.get("/crews/roster")
    assert page.status_code == 200
    assert '<input class="form-control form-control-sm"' not in page.text


def test_a_vehicle_is_added_on_the_crews_page(client: FlaskClient, house: House) -> None:
    sign_in(client, house.people["dispatcher"])
    data = {"plate": "浙A·Q7788", "kind": "bucket_truck", "equipment": ["bucket"], "state": "ready"}
    assert client.post(f"/crews/{house.crew}/vehicles", data=data).status_code == 303
    page = client.get(f"/crews/{house.crew}")
    assert "浙A·Q7788" in page.text
    assert "浙A·Q7788" in client.get("/crews").text


def test_a_device_posts_its_position(client: FlaskClient, house: House) -> None:
    sign_in(client, house.people["crew"])
    path = f"/api/v1/crews/{house.crew}/position"
    times = {"at": "2026-03-02T17:00:00+08:00", "sent_at": "2026-03-02T17:01:00+08:00"}
    sent = {"lat": 48.4, "lon": 7.76, "accuracy": 12, **times}
    answer = client.post(path, json=sent)
    assert answer.status_code == 201
    assert datetime.fromisoformat(answer.json["at"]) == START - timedelta(minutes=1)
    assert client.post(path, json={"lat": 100, "lon": 0}).status_code == 422
    assert client.post("/api/v1/crews/999/position", json={"lat": 1, "lon": 1}).status_code == 404
    view = crew_view(house.crew)
    assert view is not None
    assert view.position is not None
    assert (view.position.lat, view.position.accuracy, view.position.source) == (48.4, 12, "api")


def test_a_leader_says_by_button_where_the_crew_is(client: FlaskClient, house: House) -> None:
    sign_in(client, house.people["crew_leader"])
    answer = client.post(f"/crews/{house.crew}/position", data={"lat": "30.2", "lon": "120.1", "accuracy": "10"})
    assert answer.status_code == 303
    assert "geo:30.2,120.1" in client.get("/crews").text
