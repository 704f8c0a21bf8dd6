"""One-line diagrams and the map of the Oberrhein grid."""

from __future__ import annotations

from flask import Flask

from app.kernel import db
from app.kernel.actor import SYSTEM
from app.network import grid
from app.network.operations import switch
from app.network.queries import map_of, one_line
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
