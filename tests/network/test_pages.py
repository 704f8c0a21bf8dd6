"""The grid's pages: found, looked at, operated by those who may, scoped to their units."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import app.network.demo as demo
from app.kernel.db import session
from app.network import grid
from app.network.models import Switching
from tests.identity.factories import make_tree, make_user, sign_in
from tests.network.factories import NOW, load_oberrhein

OBERRHEIN = Path(demo.__file__).parent / "oberrhein"


@pytest.fixture
def units(app: Flask) -> dict[str, object]:
    made = make_tree()
    unit = made["P-A-X"]
    load_oberrhein(unit=(unit.code, unit.path))
    return dict(made)


def test_a_dispatcher_finds_a_switch_and_records_its_opening(client: FlaskClient, units: dict[str, object]) -> None:
    sign_in(client, make_user(posts=[("dispatcher", units["P-A-X"])], name="周建国"))  # type: ignore[list-item]
    assert b"L193-2" in client.get("/network?q=l193-2").data
    page = client.get("/network/devices/L193-2").data.decode()
    assert "one-line-drawing" in page
    refused = client.post("/network/devices/L193-2/switch", data={"state": "open", "reason": " "})
    assert refused.status_code == 422
    done = client.post(
        "/network/devices/L193-2/switch", data={"state": "open", "reason": "跳闸", "phases": ["A", "B", "C"]}
    )
    assert done.status_code in {302, 303}
    assert grid.current(NOW).state("L193-2") == ""
    row = session.query(Switching).one()
    assert (row.before, row.after, row.reason, row.by_name) == ("ABC", "", "跳闸", "周建国")
    assert "跳闸" in client.get("/network/devices/L193-2").data.decode()
    assert "跳闸" in client.get("/network").data.decode()
    assert client.get("/network/feeders/319-F2/diagram").status_code == 200


def test_other_units_see_and_switch_nothing(client: FlaskClient, units: dict[str, object]) -> None:
    sign_in(client, make_user(posts=[("dispatcher", units["P-B-X"])]))  # type: ignore[list-item]
    assert b"L193-2</a>" not in client.get("/network?q=Line%20193").data
    assert client.get("/network/devices/L193-2").status_code == 404
    assert client.post("/network/devices/L193-2/switch", data={"state": "open", "reason": "x"}).status_code == 404
    assert (client.get("/network/map.json?feeder=319-F2").json or {})["points"] == []
    assert client.get("/network/imports").status_code == 403


def test_a_crew_looks_but_does_not_switch(client: FlaskClient, units: dict[str, object]) -> None:
    sign_in(client, make_user(posts=[("crew", units["P-A-X"])]))  # type: ignore[list-item]
    assert client.get("/network/devices/L193-2").status_code == 200
    assert client.post("/network/devices/L193-2/switch", data={"state": "open", "reason": "x"}).status_code == 403


def test_a_steward_imports_and_exports(client: FlaskClient, app: Flask) -> None:
    unit = make_tree()["P"]
    sign_in(client, make_user(posts=[("grid_steward", unit)]))
    assert client.post("/network/imports", data={"unit": "P"}).status_code == 422

    def files() -> list[tuple[io.BytesIO, str]]:
        return [(io.BytesIO((OBERRHEIN / name).read_bytes()), name) for name in ("nodes.csv", "edges.csv")]

    sent = {"unit": "P", "dry_run": "1", "files": files()}
    report = client.post("/network/imports", data=sent, follow_redirects=True)
    assert grid.current(NOW).feeders == ()
    assert report.status_code == 200
    session.rollback()
    client.post("/network/imports", data={"unit": "P", "files": files()}, follow_redirects=True)
    assert len(grid.current(NOW).feeders) == 4
    wrong = {"unit": "P", "files": [(io.BytesIO(b"code,from_code,to_code\nL9,X,Y\n"), "lines.csv")]}
    refused = client.post("/network/imports", data=wrong, follow_redirects=True, headers={"Accept-Language": "zh"})
    assert "lines.csv:2" in refused.data.decode()
    assert client.get("/network/imports").status_code == 200
    for kind in ("xlsx", "xml"):
        answer = client.get(f"/network/export.{kind}")
        assert len(answer.data) > 10_000
        answer.close()
    assert client.get("/network/export.exe").status_code == 404


def test_the_map_answers_bounds(client: FlaskClient, units: dict[str, object]) -> None:
    sign_in(client, make_user(posts=[("dispatcher", units["P-A-X"])]))  # type: ignore[list-item]
    found = client.get("/network/map.json?bounds=48,7,49,8").json or {}
    assert len(found["lines"]) == 181
    assert client.get("/network/map.json?bounds=48,7,x,8").status_code == 400
