"""What other packages see of definitions: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.engine.definitions.models import Definition


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """One version of a process (`bpmn`), decision (`dmn`) or form (`form`)."""

    id: str
    kind: str
    key: str
    version: int
    name: str
    name_en: str
    resource: str
    deployed_at: datetime
    deployed_by: str
    suspended: bool


@dataclass(frozen=True, slots=True)
class Deployment:
    """What one deployment did: new versions (those of dependants included), and what was already there."""

    id: str | None
    deployed: list[DefinitionView]
    unchanged: list[DefinitionView]


@dataclass(frozen=True, slots=True)
class PastDeployment:
    """One act of deploying, and the versions it made."""

    id: str
    deployed_at: datetime
    deployed_by: str
    definitions: tuple[DefinitionView, ...]


def view(row: Definition) -> DefinitionView:
    return DefinitionView(
        row.id, row.kind, row.key, row.version, row.name, row.name_en,
        row.resource, row.deployed_at, row.deployed_by, row.suspended,
    )  # fmt: skip
