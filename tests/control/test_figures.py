"""The page of a process's figures and what paints its diagram."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.control.views.figures import LEVELS, level_of
from app.identity.queries import UnitView
from app.kernel import db
from app.kernel.clock import FrozenClock
from tests.engine.diagrams import chain, diagram, end, start, user
from tests.engine.runtime.driving import Driver
from tests.identity.factories import make_tree, make_user, sign_in

DIAGRAM = diagram(start(), user("work", name="处理"), user("look", name="复核"), end(), chain("s", "work", "look", "e"))
PAGE = "/control/definitions/bpmn/p/figures"


@pytest.fixture
def units(app: Flask) -> dict[str, UnitView]:
    return make_tree()


@pytest.fixture
def passed(clock: FrozenClock, units: dict[str, UnitView]) -> str:
    """Two cases of P-A-X, one twenty minutes at work; one of P-B. The definition's id."""
    drive = Driver(clock)
    drive.deploy(p=DIAGRAM)
    first, *_rest = [drive.start(unit=code) for code in ("P-A-X", "P-A-X", "P-B")]
    clock.advance(timedelta(minutes=20))
    drive.complete(first.id, "work")
    db.session.remove()
    return first.definition_id


@pytest.fixture
def analyst(client: FlaskClient, units: dict[str, UnitView]) -> FlaskClient:
    sign_in(client, make_user("analyst", posts=[("analyst", units["P"])]))
    return client


def test_the_table_and_the_diagram_say_the_same(analyst: FlaskClient, passed: str) -> None:
    page = analyst.get(PAGE).text
    assert "处理" in page
    assert "20分" in page
    drawn = analyst.get(f"/control/definition-diagrams/{passed}/figures?by=count").get_json()
    assert drawn["marks"]["work"]["badge"] == "3"
    assert drawn["marks"]["work"]["name"] == f"heat-{LEVELS}"
    assert "look" in drawn["marks"]
    timed = analyst.get(f"/control/definition-diagrams/{passed}/figures?by=median&lang=en").get_json()
    assert timed["marks"]["work"]["badge"] == "20 min"
    assert "1 done" in timed["marks"]["work"]["words"]


@pytest.mark.parametrize(
    ("query", "times"),
    [
        ("unit=P-A", "2"),
        ("unit=P-B", "1"),
        ("first=2026-04-01", ""),
        ("version=7", ""),
        ("first=x&last=&by=nonsense", "3"),
    ],
)
def test_filters_narrow(analyst: FlaskClient, passed: str, query: str, times: str) -> None:
    marks = analyst.get(f"/control/definition-diagrams/{passed}/figures?{query}").get_json()["marks"]
    assert marks.get("s", {}).get("badge", "") == times
    assert analyst.get(f"{PAGE}?{query}").status_code == 200


def test_only_ones_own_part_counts(client: FlaskClient, units: dict[str, UnitView], passed: str) -> None:
    sign_in(client, make_user("local", posts=[("analyst", units["P-B"])]))
    for query in ("", "?unit=P-A"):
        marks = client.get(f"/control/definition-diagrams/{passed}/figures{query}").get_json()["marks"]
        assert marks["s"]["badge"] == "1"


def test_colours_go_by_the_logarithm() -> None:
    assert [level_of(value, 1000) for value in (None, 0, 1, 5, 30, 120, 1000)] == [0, 0, 1, 2, 3, 4, 5]
