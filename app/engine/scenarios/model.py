"""A scenario file as the runner takes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Step:
    """`verb` is the step's kind, `value` what stands behind it, `options` its other keys."""

    verb: str
    value: Any
    options: dict[str, Any]
    number: int
    line: int

    def __str__(self) -> str:
        shown = self.value if isinstance(self.value, str) else ""
        return str(_("step %(number)s (%(verb)s)", number=self.number, verb=f"{self.verb} {shown}".strip()))


@dataclass(frozen=True, slots=True)
class Scenario:
    """`services` and the file's `defaults` are lists of results by service name; `end` is what must hold at last."""

    file: Path
    process: str
    name: str
    line: int
    now: datetime
    start: dict[str, Any]
    services: dict[str, list[dict[str, Any]]]
    steps: tuple[Step, ...]
    end: dict[str, Any] | None = None
    expected_to_fail: bool = False


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    path: Path
    process: str
    scenarios: tuple[Scenario, ...] = field(default=())
