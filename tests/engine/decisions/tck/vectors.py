"""Reading the kit's own test files (`…-test-01.xml`): inputs and expected results as JSON values.

A value is typed by `xsi:type`, else by what its text looks like; components make a
structure, a list holds items.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

TEST = "{http://www.omg.org/spec/DMN/20160719/testcase}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
NUMBERS = {"decimal", "double", "float", "integer", "int", "long"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a decision (or a service, an invocable) answers; `error` where it may refuse instead of answering null."""

    name: str
    value: Any
    error: bool


@dataclass(frozen=True, slots=True)
class Original:
    """One test case of a file."""

    id: str
    given: dict[str, Any]
    expected: tuple[Expected, ...]


def read_vectors(content: bytes) -> tuple[str, list[Original]]:
    """The name of the model's file and the test cases of a test file."""
    root = etree.fromstring(content)
    return root.findtext(f"{TEST}modelName") or "", [_case(element) for element in root.iter(f"{TEST}testCase")]


def _case(element: etree._Element) -> Original:
    given = {str(node.get("name")): _value(node) for node in element.findall(f"{TEST}inputNode")}
    return Original(str(element.get("id")), given, tuple(_expected(element)))


def _expected(element: etree._Element) -> Iterator[Expected]:
    for node in element.findall(f"{TEST}resultNode"):
        answer = node.find(f"{TEST}expected")
        if answer is None:  # as older files call it
            answer = node.find(f"{TEST}computed")
        value = None if answer is None else _value(answer)
        yield Expected(str(node.get("name")), value, node.get("errorResult") == "true")


def _value(element: etree._Element) -> Any:
    """The value inside an input, an expected result, a component or an item."""
    listed = element.find(f"{TEST}list")
    if listed is not None:
        return [_value(item) for item in listed.findall(f"{TEST}item")] if listed.get(f"{XSI}nil") != "true" else None
    components = element.findall(f"{TEST}component")
    if components:
        return {str(one.get("name")): _value(one) for one in components}
    value = element.find(f"{TEST}value")
    return None if value is None or value.get(f"{XSI}nil") == "true" else _scalar(value)


def _scalar(element: etree._Element) -> Any:
    text = element.text or ""
    kind = (element.get(f"{XSI}type") or "").rpartition(":")[2]
    if kind == "boolean" or (not kind and text in {"true", "false"}):
        return text.strip() in {"true", "1"}
    if kind in NUMBERS:
        return float(text)
    if kind:
        return text
    return _guessed(text)


def _guessed(text: str) -> Any:
    """A value without a type: a number where it is one, nothing at all is null."""
    try:
        return float(text)
    except ValueError:
        return text or None
