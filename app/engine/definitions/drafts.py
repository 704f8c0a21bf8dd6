"""What the files of a deployment define, before anything is stored: keys, names and references."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

from lxml.etree import _Element

from app.engine.definitions.bindings import named_by
from app.engine.definitions.camunda import properties_of
from app.engine.definitions.names import BPMN, local
from app.engine.definitions.xml import read_xml

KINDS = {".bpmn": "bpmn", ".dmn": "dmn", ".form": "form"}


@dataclass(frozen=True, slots=True)
class Draft:
    """One definition a file holds.

    `references` are `bpmn:<process>`, `dmn:<decision>` and `form:<form>` that are pinned by
    the deployment; `latest` and `versions` (with a number each) those bound otherwise.
    """

    kind: str
    key: str
    name: str
    name_en: str
    resource: str
    content: bytes
    references: frozenset[str] = frozenset()
    latest: frozenset[str] = frozenset()
    versions: frozenset[tuple[str, int]] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """Everything it names, however it is bound."""
        return self.references | self.latest | {name for name, _number in self.versions}

    @property
    def sha(self) -> str:
        return sha256(self.content).hexdigest()

    @property
    def identity(self) -> str:
        return f"{self.kind}:{self.key}"


def kind_of(resource: str) -> str | None:
    """`bpmn`, `dmn` or `form` by the file's suffix."""
    return KINDS.get(PurePosixPath(resource).suffix.lower())


def read_drafts(resource: str, content: bytes) -> list[Draft]:
    """The definitions of a file that has passed the checks; what it lacks is simply left out."""
    kind = kind_of(resource)
    if kind == "bpmn":
        return list(_processes(resource, content))
    if kind == "dmn":
        return list(_decisions(resource, content))
    return list(_forms(resource, content)) if kind == "form" else []


def _processes(resource: str, content: bytes) -> Iterator[Draft]:
    for process in read_xml(content).findall(f"{BPMN}process"):
        if process.get("isExecutable") == "true":
            name = " ".join(process.get("name", "").split())
            name_en = properties_of(process).get("name_en", "")
            named = list(named_by(process))
            yield Draft(
                "bpmn", process.get("id", ""), name, name_en, resource, content,
                references=frozenset(one.reference for one in named if one.pinned),
                latest=frozenset(one.reference for one in named if one.how == "latest"),
                versions=frozenset((one.reference, int(one.version)) for one in named if one.how == "version"),
            )  # fmt: skip


def _decisions(resource: str, content: bytes) -> Iterator[Draft]:
    for node in read_xml(content):
        if local(node) == "decision" and node.get("id"):
            yield Draft("dmn", node.get("id", ""), node.get("name", ""), _english_name(node), resource, content)


def _english_name(decision: _Element) -> str:
    """The English twin of a decision's name: `<camunda:property name="name_en" value="..."/>`."""
    return next((e.get("value", "") for e in decision.iter("{*}property") if e.get("name") == "name_en"), "")


def _forms(resource: str, content: bytes) -> Iterator[Draft]:
    form: Any = json.loads(content)
    if isinstance(form, Mapping) and isinstance(form.get("id"), str):
        properties = form.get("properties")
        english = properties.get("name_en", "") if isinstance(properties, Mapping) else ""
        yield Draft("form", form["id"], str(form.get("name", "")), str(english), resource, content)
