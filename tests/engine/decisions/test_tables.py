"""Decision tables as people read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.engine import api as engine
from app.engine.decisions.tables import read_tables
from app.engine.definitions.deploy import deploy
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock

DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
  xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="d" name="d" namespace="x">
  <decision id="amount" name="数额">
    <description>How
      much</description>
    <extensionElements><properties><property name="name_en" value="Amount"/>
      <property name="annotation_en" value="Basis"/></properties></extensionElements>
    <decisionTable id="t" hitPolicy="COLLECT" aggregation="SUM">
      <input id="i" label="地域" camunda:label_en="Area">
        <inputExpression id="ie" typeRef="string"><text>area</text></inputExpression></input>
      <output id="o" name="n" label="数" typeRef="number"/>
      <annotation name="依据"/>
      <rule id="r1"><inputEntry id="a"><text>"urban"</text></inputEntry><outputEntry id="b"><text>5</text></outputEntry>
        <annotationEntry><text>规定</text></annotationEntry></rule>
      <rule id="r2"><inputEntry id="c"><text/></inputEntry><outputEntry id="e"><text>6</text></outputEntry>
        <annotationEntry><text/></annotationEntry></rule>
    </decisionTable>
  </decision>
  <decision id="plain" name="算式"><variable id="v" name="plain" typeRef="number"/>
    <literalExpression id="l"><text>1 + 2</text></literalExpression></decision>
</definitions>"""


@pytest.fixture
def deployed(app: Flask, clock: FrozenClock) -> str:
    deploy({"x/d.dmn": DMN.encode()}, actor=SYSTEM, now=clock.now())
    return engine.get_definition("amount", kind="dmn").id


def test_cells_are_read_as_written(deployed: str) -> None:
    table, plain = engine.decision_tables(deployed)
    assert (table.key, table.name, table.description, table.hit_policy) == ("amount", "数额", "How much", "COLLECT SUM")
    assert [(column.label, column.name) for column in table.inputs + table.outputs] == [("地域", "area"), ("数", "n")]
    assert [column.label_en for column in table.inputs + table.outputs] == ["Area", ""]
    assert (table.notes, table.notes_en) == (("依据",), "Basis")
    assert table.rows == (('"urban"', "5", "规定"), ("-", "6", ""))
    assert (plain.expression, plain.rows, plain.inputs) == ("1 + 2", (), ())


def test_a_decision_has_an_english_name(deployed: str) -> None:
    assert engine.get_definition(deployed).name_en == "Amount"


@pytest.mark.parametrize("path", sorted(Path("bpmn").glob("*/*.dmn")), ids=lambda path: path.stem)
def test_our_own_tables_are_read_in_english_too(path: Path) -> None:
    for table in read_tables(path.read_bytes()):
        assert not table.notes or table.notes_en
        for column in table.inputs + table.outputs:
            assert column.label_en or column.label.isascii(), column.label
