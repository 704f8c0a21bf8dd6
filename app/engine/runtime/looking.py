"""Looking at instances: the diagram with its token, the history, the variables, what is waited for."""

from __future__ import annotations

from typing import Any

from app.engine.runtime.views import Activity, Diagram, Operation, Waiting


def diagram(instance_id: str, *, locale: str = "zh") -> Diagram:
    """The diagram in this language with the elements to mark."""
    raise NotImplementedError


def history(instance_id: str) -> list[Activity]:
    """What happened in an instance, in order; elements still active come last."""
    raise NotImplementedError


def operations(instance_id: str) -> list[Operation]:
    """What people did to an instance and its tasks besides completing them, in order."""
    raise NotImplementedError


def variables(instance_id: str) -> dict[str, Any]:
    """A private copy of the variables of an instance as its latest step left them."""
    raise NotImplementedError


def waiting(instance_id: str) -> list[Waiting]:
    """What the instance waits for besides people."""
    raise NotImplementedError
