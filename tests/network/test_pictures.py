"""One-line diagrams and the map of the Oberrhein grid."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.i18n import in_locale
from app.network import grid
from app.network.models import Feeder, GridNode
from app.network.operations import switch
from app.network.queries import map_of, one_line
from app.network.versions import new_structure
from tests.network.factories import NOW, load_oberrhein


def test_a_one_line_diagram_shows_every_device_of_the_feeder_once(app: Flask) -> None:
    load_oberrhein()
    here = grid.current(NOW)
    for feeder in here.feeders:
        drawn = one_line(feeder.code, NOW)
        transformers = [node.code for node in drawn.nodes if node.kind == "distribution_transformer"]
        assert sorted(transformers) == sorted(here.transformers_under(feeder.code))
        assert len({(node.x, node.y) for node in drawn.nodes}) == len(drawn.nodes)
        ways = [edge.code for edge in drawn.edges if not edge.leads_to]
        assert len(set(ways)) == len(ways)
        assert all(node.x < drawn.width and node.y < drawn.height for node in drawn.nodes)
        shown = {switch.code for edge in drawn.edges for switch in edge.switches}
        assert feeder.breaker in shown
        assert shown >= set(here.trace(feeder.code, "down").devices)
        assert all(edge.leads_to for edge in drawn.edges if any(each.normally_open for each in edge.switches))


def test_no_line_goes_down_through_a_node(app: Flask) -> None:
    load_oberrhein()
    for feeder in grid.current(NOW).feeders:
        drawn = one_line(feeder.code, NOW)
        for edge in drawn.edges:
            between = [node for node in drawn.nodes if node.x == edge.x1 and edge.y1 < node.y <= edge.y2]
            assert not between, (edge.code, between[0].code)
            beside = [node for node in drawn.nodes if node.y == edge.y2 and edge.x1 < node.x < edge.x2]
            assert not beside


def test_all_ties_are_drawn_on_both_sides(app: Flask) -> None:
    load_oberrhein()
    feeders = grid.current(NOW).feeders
    edges = [edge for feeder in feeders for edge in one_line(feeder.code, NOW).edges]
    ties = [switch.code for edge in edges for switch in edge.switches if switch.normally_open]
    assert len(set(ties)) == 6
    assert len(ties) == 12


def test_what_is_dead_is_drawn_dead(app: Flask) -> None:
    load_oberrhein()
    feeder = grid.current(NOW).feeders[0]
    db.run(lambda: switch(feeder.breaker, "open", reason="跳闸", actor=SYSTEM, now=NOW))
    drawn = one_line(feeder.code, NOW)
    assert [node.kind for node in drawn.nodes if node.live] == ["busbar"]
    states = {switch.code: switch.state for edge in drawn.edges for switch in edge.switches}
    assert states[feeder.breaker] == "open"
    shown = map_of([feeder.code], NOW)
    assert {point.live for point in shown.points if point.kind == "distribution_transformer"} == {False}
    assert any(point.code == feeder.breaker and point.state == "open" for point in shown.points)
    assert all(not line.live for line in shown.lines if line.feeder == feeder.code)


def test_a_map_holds_what_lies_in_its_bounds(app: Flask) -> None:
    load_oberrhein()
    whole = map_of((48.0, 7.0, 49.0, 8.0), NOW)
    assert sum(point.kind == "distribution_transformer" for point in whole.points) == 147
    assert sum(point.kind == "substation" for point in whole.points) == 2
    assert sum(point.normally_open for point in whole.points) == 6
    assert len(whole.lines) == 181
    assert map_of((0.0, 0.0, 1.0, 1.0), NOW).points == ()
    assert map_of((48.0, 7.0, 49.0, 8.0), NOW, paths=["/9/"]).points == ()


def test_english_readers_see_english_names_without_what_the_feeder_says_already(app: Flask) -> None:
    load_oberrhein()
    feeder = grid.current(NOW).feeders[0]
    code, other = grid.current(NOW).transformers_under(feeder.code)[:2]
    db.run(lambda: _name(Feeder, feeder.code, "北路线", "North Road Line 10kV"))
    db.run(lambda: _name(GridNode, code, "北路3号公变", "North Road transformer 03"))
    db.run(lambda: _name(GridNode, other, "南街公变", ""))
    with in_locale("en"):
        drawn = one_line(feeder.code, NOW)
        nodes = {node.code: node for node in drawn.nodes}
        points = {point.code: point.name for point in map_of([feeder.code], NOW).points}
    assert drawn.name == "North Road Line 10kV"
    assert (nodes[code].name, nodes[code].label) == ("North Road transformer 03", "transformer 03")
    assert nodes[other].label == "南街公变"
    assert points[code] == "North Road transformer 03"
    with in_locale("zh"):
        assert {node.code: node.label for node in one_line(feeder.code, NOW).nodes}[code] == "北路3号公变"


def _name(model: Any, code: str, zh: str, en: str) -> None:
    row = session.scalars(sa.select(model).where(model.code == code)).one()
    row.name, row.name_en = zh, en
    new_structure()
