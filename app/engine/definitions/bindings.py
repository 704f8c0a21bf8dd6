"""Which version of a process, decision or form a diagram means where it names one.

| binding | meaning |
| --- | --- |
| none, `deployment` | the newest when the diagram is deployed; a newer one gives the diagram a new version too |
| `latest` | the newest at the moment the step runs (a form: when it is opened) |
| `version` | the one of that number, which must be deployed already |

One diagram means each thing in one way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element

from app.engine.definitions.camunda import decision_of
from app.engine.definitions.names import BPMN, CAMUNDA

LATEST = "latest"
"""Stands in the bindings of a definition where a definition's id would."""

NAMES = {"callActivity": "calledElement", "businessRuleTask": "decisionRef", "userTask": "formRef"}
"""The elements that name something, and the attribute; `...Binding` and `...Version` say which version."""

_KINDS = {"callActivity": "bpmn", "businessRuleTask": "dmn", "userTask": "form"}


@dataclass(frozen=True, slots=True)
class Named:
    """What an element names: `reference` is `bpmn:<key>`, `dmn:<key>` or `form:<key>`; `version` as it is written."""

    node: _Element
    reference: str
    how: str
    version: str

    @property
    def pinned(self) -> bool:
        return self.how not in {"latest", "version"}

    @property
    def meaning(self) -> tuple[str, str]:
        return ("deployment", "") if self.pinned else (self.how, self.version if self.how == "version" else "")


def named_by(process: _Element) -> Iterator[Named]:
    """Everything a process names outside its own file."""
    for tag, attribute in NAMES.items():
        for node in process.iter(BPMN + tag):
            key = _key(tag, node)
            if key:
                how = node.get(f"{CAMUNDA}{attribute}Binding", "deployment")
                yield Named(node, f"{_KINDS[tag]}:{key}", how, node.get(f"{CAMUNDA}{attribute}Version", ""))


def _key(tag: str, node: _Element) -> str:
    if tag == "callActivity":
        return node.get("calledElement", "").strip()
    return (decision_of(node) if tag == "businessRuleTask" else node.get(f"{CAMUNDA}formRef")) or ""
