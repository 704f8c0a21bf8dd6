"""Lint answers for any bytes at all: a list of problems, never an exception."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from app.engine.definitions.lint import lint
from app.engine.definitions.xml import MAX_SIZE
from tests.engine.diagrams import (
    boundary,
    call,
    catch,
    chain,
    diagram,
    end,
    extensions,
    flow,
    gateway,
    message,
    multi_instance,
    on_message,
    script,
    start,
    subprocess,
    timer,
    user,
)

GOOD = diagram(
    start(), gateway("g", default="f_g_e"), user("u", multi_instance("${xs}", "x")), script("sc", "a = 1\nb = [a]"),
    subprocess("sub", start("ss"), user("v"), end("se"), chain("ss", "v", "se")), call("c", "q"), end(),
    boundary("b", "sub", timer("R3/PT1H", "timeCycle"), interrupting=False), catch("m", on_message("msg")),
    chain("s", "u", "sc", "sub", "m", "c", "g", "e"), flow("g", "u", "${a > 1 && !b}"),
    gateway("eg", "eventBased"), before=message("msg"),
)  # fmt: skip

HOSTILE = {
    "empty": b"",
    "blank": b" \n",
    "text": "工单".encode(),
    "binary": bytes(range(256)) * 10,
    "utf-16": '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"),
    "gbk": b'<?xml version="1.0" encoding="GBK"?><a/>',
    "not closed": GOOD[:-20],
    "html": b"<html><body>x</html>",
    "another namespace": b'<definitions xmlns="http://example.org"/>',
    "laughs": b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>',
    "external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "lower-case doctype": b"<!doctype a><a/>",
    "undefined entity": b"<a>&x;</a>",
    "deep": b"<a>" * 5000 + b"</a>" * 5000,
    "wide": b"<a>" + b"<b/>" * 300_000 + b"</a>",
    "large": b"<a>" + b"x" * MAX_SIZE + b"</a>",
    "nul": b"<a>\x00</a>",
    "long attribute": b'<a b="' + b"x" * 1_000_000 + b'"/>',
    "json": b'{"id": 1}',
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("suffix", [".bpmn", ".dmn", ".form", ".txt", ""])
def test_hostile_files_are_refused(app, case: str, suffix: str) -> None:
    problems = lint(f"a{suffix}", HOSTILE[case])
    assert any(problem.severity == "error" for problem in problems)
    assert all(problem.message for problem in problems)


def test_no_file_is_read_through_an_entity(app) -> None:
    assert "root:" not in str(lint("a.bpmn", HOSTILE["external entity"]))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), changes=st.integers(1, 6))
def test_any_mutation_of_a_diagram_is_answered(app, seed: int, changes: int) -> None:
    chance = random.Random(seed)
    content = bytearray(GOOD)
    for _ in range(changes):
        at = chance.randrange(len(content))
        kind = chance.randrange(4)
        if kind == 0:
            content[at] = chance.randrange(256)
        elif kind == 1:
            del content[at : at + chance.randrange(1, 60)]
        elif kind == 2:
            begin = chance.randrange(len(content))
            content[at:at] = content[begin : begin + chance.randrange(1, 200)]
        else:
            words = [b"bpmn:", b"${", b"}", b"camunda:", b'id=""', b"sourceRef", b"<", b">", b"true", b"\xff"]
            content[at:at] = chance.choice(words)
    for problem in lint("a.bpmn", bytes(content)):
        assert problem.message
        assert problem.severity in {"error", "warning"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_any_rearrangement_of_elements_is_answered(app, seed: int) -> None:
    chance = random.Random(seed)
    root = etree.fromstring(GOOD)
    nodes = [node for node in root.iter() if node.getparent() is not None]
    for _ in range(3):
        node, target = chance.choice(nodes), chance.choice(nodes)
        if node not in list(target.iterancestors()) and node is not target:
            target.append(node)
        victim = chance.choice(nodes)
        if victim.attrib:
            del victim.attrib[chance.choice(list(victim.attrib))]
    for problem in lint("a.bpmn", etree.tostring(root)):
        assert problem.message


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_as_expression_is_answered(app, text: str) -> None:
    clean = "".join(char for char in text if char.isprintable())
    content = diagram(
        start(), user("u", extensions(inputs={"a": clean}), camunda_assignee=clean), script("sc", clean or "x"),
        catch("c", timer(clean)), end(), chain("s", "u", "sc", "c"), flow("c", "e", clean),
    )  # fmt: skip
    assert isinstance(lint("a.bpmn", content), list)
