"""The kit's test files are read as they are meant; answers are compared as the kit compares."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.decisions.tck.comparing import agrees
from tests.engine.decisions.tck.vectors import Expected, read_vectors

FILE = b"""<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <modelName>rate.dmn</modelName>
  <testCase id="001">
    <inputNode name="amount"><value>100</value></inputNode>
    <inputNode name="code"><value xsi:type="xsd:string">007</value></inputNode>
    <inputNode name="day"><value xsi:type="xsd:date">2026-03-02</value></inputNode>
    <inputNode name="none"><value xsi:nil="true"/></inputNode>
    <inputNode name="order">
      <component name="urgent"><value>true</value></component>
      <component name="lines"><list>
        <item><component name="n"><value xsi:type="xsd:decimal">1.5</value></component></item>
        <item><value/></item></list></component>
    </inputNode>
    <resultNode name="rate" type="decision"><expected><list/></expected></resultNode>
    <resultNode name="older" type="decision"><computed><value>0.5</value></computed></resultNode>
    <resultNode name="wrong" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode>
  </testCase>
</testCases>"""


def test_inputs_and_results() -> None:
    name, (case,) = read_vectors(FILE)
    assert (name, case.id) == ("rate.dmn", "001")
    order = {"urgent": True, "lines": [{"n": 1.5}, None]}
    assert case.given == {"amount": 100, "code": "007", "day": "2026-03-02", "none": None, "order": order}
    wanted = (Expected("rate", [], False), Expected("older", 0.5, False), Expected("wrong", None, True))
    assert case.expected == wanted


@pytest.mark.parametrize(
    ("found", "expected", "same"),
    [
        (2778.693549432766, 2778.69354943277, True),
        (1, 1.1, False),
        (True, 1, False),
        ("PT1H", "PT60M", True),
        ("10:00:00Z", "10:00:00+00:00", True),
        ("P1Y", "P12M", True),
        ("a", "b", False),
        ([1, {"a": None}], [1.0, {"a": None}], True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ([1], 1, False),
        (None, None, True),
    ],
)
def test_agreement(found: Any, expected: Any, same: bool) -> None:
    assert agrees(found, expected) is same
