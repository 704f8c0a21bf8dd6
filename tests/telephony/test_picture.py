"""The picture: everything is there, nothing touches, the same each time."""

from __future__ import annotations

from itertools import combinations

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.telephony import folder
from app.telephony.calls.queries import NodeCount
from app.telephony.picture import picture
from app.telephony.picture.layout import WIDTH, Box, Edge, lay_out


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Box], list[Edge]]:
    names = [f"n{number}" for number in range(draw(st.integers(1, 14)))]
    boxes = [Box(name, draw(st.sampled_from([44.0, 70.0, 130.0]))) for name in names]
    ends = st.tuples(st.sampled_from(names), st.sampled_from(names), st.sampled_from([None, 54.0]))
    return boxes, [Edge(*end) for end in draw(st.lists(ends, max_size=30))]


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_boxes_never_touch_and_every_edge_is_drawn(graph: tuple[list[Box], list[Edge]]) -> None:
    boxes, edges = graph
    laid = lay_out(boxes, edges, "n0")
    assert laid == lay_out(boxes, edges, "n0")
    assert set(laid.boxes) == {box.name for box in boxes}
    assert [route.edge for route in laid.routes] == edges
    heights = {box.name: box.height for box in boxes}
    for (one, (ax, ay)), (other, (bx, by)) in combinations(laid.boxes.items(), 2):
        apart = ax + WIDTH <= bx or bx + WIDTH <= ax or ay + heights[one] <= by or by + heights[other] <= ay
        assert apart, (one, other)
    for name, (x, y) in laid.boxes.items():
        assert 0 <= x <= laid.width - WIDTH
        assert 0 <= y <= laid.height - heights[name]


def test_an_edge_that_does_not_close_a_loop_leads_downwards() -> None:
    boxes = [Box(name, 44.0) for name in "abcd"]
    edges = [
        Edge("a", "b", None),
        Edge("b", "c", None),
        Edge("a", "c", 54.0),
        Edge("c", "a", None),
        Edge("d", "c", None),
    ]
    laid = lay_out(boxes, edges, "a")
    assert [route.back for route in laid.routes] == [False, False, False, True, False]
    assert laid.boxes["a"][1] < laid.boxes["b"][1] < laid.boxes["c"][1]


@pytest.mark.usefixtures("app")
def test_a_large_flow_shows_every_node_with_its_exits_and_counts(app: Flask) -> None:
    flows = folder.load()
    counts = {"ask_symptom": NodeCount(entered=200, hangups=70, exits={"key 1": 90})}
    drawn = picture(flows, flows["fault"], counts)
    assert {node.name for node in drawn.nodes} == set(flows["fault"].nodes)
    symptom = next(node for node in drawn.nodes if node.name == "ask_symptom")
    assert (symptom.entered, symptom.lost, symptom.heat) == (200, 35.0, 4)
    assert [row.count for row in symptom.rows if row.key == "1"] == [90]
    assert all(len(line.path) > 5 for line in drawn.lines)
    agent = next(node for node in drawn.nodes if node.name == "to_agent")
    assert agent.rows[0].outside, "what leads to another flow is written in the box"
