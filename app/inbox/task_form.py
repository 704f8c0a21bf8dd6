"""The form of a task: found in the version its process was deployed with, filled, checked, kept as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.engine import api as engine
from app.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Filled:
    """Checked data, and the stored files it names as (file id, title)."""

    data: dict[str, Any]
    files: list[tuple[int, str]] = field(default_factory=list)


def checked(task: engine.TaskView, data: Mapping[str, Any], *, actor: Actor) -> Filled:
    return Filled(dict(data))


def drop_draft(task_id: str, *, actor: Actor) -> None:
    return None
