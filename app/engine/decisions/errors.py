"""What can be wrong with a decision model or its evaluation, each time with the place in the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a model: element id, name of the decision, number of the rule (from 1), title of the column."""

    element: str = ""
    decision: str = ""
    rule: int | None = None
    column: str = ""

    def __str__(self) -> str:
        parts = [self.decision or self.element]
        if self.rule is not None:
            parts.append(str(_l("rule %(number)s", number=self.rule)))
        if self.column:
            parts.append(str(_l("column %(title)s", title=self.column)))
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a model. `rule` is the name of the check, `severity` error or warning."""

    place: Place
    rule: str
    message: Any
    severity: str = "error"

    def __str__(self) -> str:
        where = str(self.place)
        return f"{where}: {self.message}" if where else str(self.message)


class InvalidModel(Invalid):
    """The file is no decision model, or one that cannot be evaluated; `faults` says all that is wrong."""

    code = "invalid_decision_model"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults[:3]))
        self.faults = faults


class DecisionError(Invalid):
    """An evaluation that has no answer: two rules where one may match, an input that is not allowed, ..."""

    code = "decision_failed"

    def __init__(self, place: Place, message: Any) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.reason = message


class UnknownDecision(NotFound):
    code = "unknown_decision"

    def __init__(self, decision_id: str) -> None:
        super().__init__(_l("There is no decision %(id)s.", id=decision_id), decision=decision_id)
