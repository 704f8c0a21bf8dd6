"""What a check finds in a definition file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`element` is the id of the element ("" for the file), `rule` a stable name, `message` for people."""

    file: str
    element: str
    rule: str
    severity: Severity
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.element}: {self.message}"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Refused(Invalid):
    """Definitions that cannot be deployed; `problems` says why, nothing was changed."""

    code = "definition_refused"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(
            _l("The definitions cannot be deployed."), errors=[problem.to_json() for problem in self.problems]
        )

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Those that prevent deployment."""
    return [problem for problem in problems if problem.severity == "error"]
