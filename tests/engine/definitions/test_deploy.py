"""Deployment: all or nothing, new versions only for what changed and what depends on it."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from app.engine.definitions import queries
from app.engine.definitions.deploy import deploy
from app.engine.definitions.diagrams import localized_xml, shown_elements
from app.engine.definitions.models import Definition
from app.engine.definitions.problems import Refused
from app.engine.definitions.specs import load
from app.kernel.audit import AuditEntry
from app.kernel.db import run, session
from tests.conftest import START
from tests.engine.diagrams import call, chain, decision, diagram, end, extensions, line, start, subprocess, user

pytestmark = pytest.mark.databases

DMN = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x">
<decision id="limits" name="limits"><decisionTable id="t" hitPolicy="FIRST"><input id="i"><inputExpression id="ie"
typeRef="string"><text>area</text></inputExpression></input><output id="o" name="amount" typeRef="number"/>
<rule id="r"><inputEntry id="a"><text>-</text></inputEntry><outputEntry id="b"><text>45</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def form(label: str) -> bytes:
    field = {"type": "textfield", "key": "note", "label": label, "id": "note", "properties": {"label_en": "Note"}}
    content = {"id": "p-u", "type": "default", "schemaVersion": 16, "components": [field]}
    return json.dumps(content).encode()


def main_file(*, step: str = "u") -> bytes:
    return diagram(
        line(user(step, camunda_formRef="p-u"), decision("d", "limits"), call("c", "q"), ids=(step, "d", "c")), key="p"
    )


CALLED = diagram(line(user("v"), ids=("v",)), key="q", name="回访", name_en="Callback")
CHANGED = diagram(line(user("w"), ids=("w",)), key="q", name="回访", name_en="Callback")
FILES = {"p.bpmn": main_file(), "q.bpmn": CALLED, "limits.dmn": DMN, "u.form": form("备注")}


@pytest.fixture
def put(app, actor):
    return lambda files: run(lambda: deploy(files, actor=actor, now=START))


def test_everything_is_deployed_together_and_bound(put) -> None:
    result = put(FILES)
    assert [(view.kind, view.key, view.version) for view in result.deployed] == [
        ("bpmn", "p", 1), ("bpmn", "q", 1), ("dmn", "limits", 1), ("form", "p-u", 1),
    ]  # fmt: skip
    row = session.get(Definition, queries.newest_id("bpmn", "p"))
    assert row.bindings == {
        "bpmn:q": queries.newest_id("bpmn", "q"),
        "dmn:limits": queries.newest_id("dmn", "limits"),
        "form:p-u": queries.newest_id("form", "p-u"),
    }
    assert row.content == FILES["p.bpmn"]
    assert (
        session.scalar(
            sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.action == "definitions.deploy")
        )
        == 1
    )


def test_the_same_content_makes_no_new_version(put) -> None:
    put(FILES)
    again = put(FILES)
    assert again.deployed == []
    assert len(again.unchanged) == 4


def test_a_change_gives_new_versions_to_what_depends_on_it_only(put) -> None:
    put(FILES)
    old = queries.newest_id("bpmn", "p")
    result = put({"q.bpmn": CHANGED})
    assert [(view.key, view.version) for view in result.deployed] == [("p", 2), ("q", 2)]
    new = queries.newest_id("bpmn", "p")
    assert {element.id for element in load(new).called[queries.newest_id("bpmn", "q")].elements.values()} >= {"w"}
    assert list(load(old).called) != list(load(new).called)
    assert [view.version for view in queries.list_definitions(kind="dmn")] == [1]


def test_an_instance_keeps_the_form_it_was_deployed_with(put) -> None:
    put(FILES)
    old = queries.newest_id("bpmn", "p")
    put({"u.form": form("说明")})
    label = lambda definition_id: queries.form(definition_id, "p-u")["components"][0]["label"]  # noqa: E731
    assert (label(old), label(queries.newest_id("bpmn", "p"))) == ("备注", "说明")


def test_one_bad_file_refuses_all(put) -> None:
    with pytest.raises(Refused) as refused:
        put({**FILES, "bad.bpmn": b"<a>"})
    assert [(problem.file, problem.rule) for problem in refused.value.problems] == [("bad.bpmn", "unreadable")]
    assert queries.list_definitions() == []


def test_what_is_named_must_be_deployed_or_come_along(put) -> None:
    with pytest.raises(Refused) as refused:
        put({"p.bpmn": main_file()})
    assert {problem.rule for problem in refused.value.problems} == {
        "unknown-form",
        "unknown-decision",
        "unknown-process",
    }
    put({name: FILES[name] for name in ("q.bpmn", "limits.dmn", "u.form")})
    assert len(put({"p.bpmn": main_file()}).deployed) == 1


def test_two_files_may_not_define_one_key(put) -> None:
    with pytest.raises(Refused) as refused:
        put({"q.bpmn": CALLED, "other.bpmn": CHANGED})
    assert [problem.rule for problem in refused.value.problems] == ["duplicate-key"]


def test_processes_may_call_each_other(put) -> None:
    one = diagram(line(user("u"), call("c", "two"), ids=("u", "c")), key="one")
    two = diagram(line(user("v"), call("c", "one"), ids=("v", "c")), key="two")
    put({"one.bpmn": one, "two.bpmn": two})
    loaded = load(queries.newest_id("bpmn", "one"))
    assert len(loaded.called) == 2
    assert len(put({"two.bpmn": two.replace("流程".encode(), "过程".encode())}).deployed) == 2


def test_specs_are_loaded_once_and_name_their_elements(put) -> None:
    sub = subprocess("sub", start("ss"), user("inner"), end("se"), chain("ss", "inner", "se"))
    named = user("u", extensions(properties={"name_en": "Take"}), name="接单", camunda_candidateGroups="crew@${unit}")
    put({"p.bpmn": diagram(line(named, sub, ids=("u", "sub")))})
    definition_id = queries.newest_id("bpmn", "p")
    loaded = load(definition_id)
    assert load(definition_id) is loaded
    assert loaded.spec.name == definition_id
    element = loaded.element(definition_id, "u")
    assert (element.kind, element.name, element.name_en, element.process) == ("userTask", "接单", "Take", "p")
    assert element.properties["candidateGroups"] == "crew@${unit}"
    assert loaded.element(f"{definition_id}:sub", "inner").process == "sub"
    assert loaded.element("elsewhere", "u") is None


def test_diagrams_are_shown_in_the_language_of_the_reader(put) -> None:
    put({"p.bpmn": diagram(line(user("u", extensions(properties={"name_en": "Take"}), name="接单"), ids=("u",)))})
    definition_id = queries.newest_id("bpmn", "p")
    assert "接单" in localized_xml(definition_id, "zh")
    english = localized_xml(definition_id, "en")
    assert 'name="Take"' in english
    assert "接单" not in english
    assert set(shown_elements(definition_id)) == {"s", "u", "e", "f_s_u", "f_u_e"}


def test_unknown_definitions_are_told(app) -> None:
    with pytest.raises(queries.DefinitionNotFound):
        queries.get_definition("nothing")
    with pytest.raises(queries.DefinitionNotFound):
        queries.content("nothing")
    with pytest.raises(queries.DefinitionNotFound):
        queries.form("nothing", "none")
