"""What Camunda's attributes and extension elements say about an element of a diagram."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from lxml.etree import _Element

from app.engine.definitions.names import BPMN, CAMUNDA
from app.engine.scripting import ScriptError, template_to_python

_WHOLE = re.compile(r"^[$#]\{\s*([^{}]+?)\s*\}$")
_NAME = re.compile(r"^[^\W\d]\w*(\.[^\W\d]\w*)*$")


def service_name(node: _Element) -> tuple[str, bool]:
    """The service an element names and whether a job runs it; ("", False) where it names none."""
    if node.get(f"{CAMUNDA}type") == "external":
        return (node.get(f"{CAMUNDA}topic", "").strip(), True)
    match = _WHOLE.match(node.get(f"{CAMUNDA}delegateExpression", "").strip())
    return (match[1] if match else "", False)


def decision_of(node: _Element) -> str | None:
    """The decision a business rule task names."""
    return node.get(f"{CAMUNDA}decisionRef", "").strip() or None


def result_of(node: _Element) -> str | None:
    """The variable that takes the result, None where the outputs are merged."""
    return node.get(f"{CAMUNDA}resultVariable", "").strip() or None


def properties_of(node: _Element) -> dict[str, str]:
    """Camunda's attributes and `camunda:property` values of an element, by their local names."""
    found = {
        str(name)[len(CAMUNDA) :]: str(value) for name, value in node.attrib.items() if str(name).startswith(CAMUNDA)
    }
    for entry in node.findall(f"{BPMN}extensionElements/{CAMUNDA}properties/{CAMUNDA}property"):
        if entry.get("name"):
            found[entry.get("name", "")] = entry.get("value", "")
    return found


def output_of(node: _Element) -> tuple[str, str] | None:
    """The list that gathers the outputs of a multi-instance activity's runs, and one output as an expression.

    Raises `ScriptError`.
    """
    properties = properties_of(node)
    name, text = (properties.get(key, "").strip() for key in ("output_collection", "output_element"))
    if not name and not text:
        return None
    if not name or not text:
        raise ScriptError(_("output_collection and output_element belong together"))
    return name, template_to_python(text)


def correlation_of(node: _Element) -> dict[str, str]:
    """Whom a message is for, as expressions by key.

    `${order_id}` means the key `order_id`, `${order.id}` the key `id`; `key=${expression}`
    names the key; several are separated by commas. Empty: the instance's business key.
    Raises `ScriptError`.
    """
    text = properties_of(node).get("correlation", "").strip()
    pairs = [_pair(part.strip()) for part in re.split(r",(?![^{]*\})", text) if part.strip()]
    return dict(pairs)


def _pair(text: str) -> tuple[str, str]:
    key, equals, rest = text.partition("=")
    if equals and _NAME.match(key.strip()) and "." not in key:
        return key.strip(), template_to_python(rest.strip())
    match = _WHOLE.match(text)
    if match is None or not _NAME.match(match[1]):
        raise ScriptError(_("the correlation %(text)s names no key: write key=${expression}", text=repr(text)))
    return match[1].rpartition(".")[2], template_to_python(text)
