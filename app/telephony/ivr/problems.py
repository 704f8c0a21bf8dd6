"""What is wrong with a flow, in the form every check of the house has: file, element, rule, message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `element` is the node (empty for the file itself), `line` counts from 1."""

    file: str
    element: str
    rule: str
    severity: Severity
    message: str
    line: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.element or self.line}: {self.message}"

    def to_json(self) -> dict[str, Any]:
        """The finding for machines."""
        return {
            "element": self.element,
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "line": self.line,
        }


class BadFlow(ValueError):
    """A file that is no flow; `problems` says why, each with its line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
