"""What became of scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.engine.scenarios.model import Scenario, Step


class ScenarioFailure(Exception):
    """The diagram does not do what the scenario says."""

    def __init__(self, message: str, step: Step | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.step = step


@dataclass(frozen=True, slots=True)
class Outcome:
    """`failure` is None for a scenario that held; `reached` are (process, element, sources) of its history."""

    scenario: Scenario
    failure: ScenarioFailure | None
    reached: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    @property
    def passed(self) -> bool:
        """A scenario that is expected to fail passes by failing."""
        return (self.failure is not None) == self.scenario.expected_to_fail

    @property
    def message(self) -> str:
        """`file:line: scenario: step: what is wrong`; "" for a scenario that passed."""
        if self.passed:
            return ""
        scenario, failure = self.scenario, self.failure
        if failure is None:
            return f"{scenario.file}:{scenario.line}: {scenario.name}: {_('it was expected to fail and did not')}"
        line = failure.step.line if failure.step else scenario.line
        step = f"{failure.step}: " if failure.step else ""
        return f"{scenario.file}:{line}: {scenario.name}: {step}{failure.message}"

    def to_json(self) -> Mapping[str, Any]:
        return {
            "file": str(self.scenario.file),
            "process": self.scenario.process,
            "scenario": self.scenario.name,
            "ok": self.passed,
            "message": self.message,
        }
