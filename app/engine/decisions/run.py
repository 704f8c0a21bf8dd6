"""One evaluation: which rules matched so far, and the types its values are held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app import feel
from app.engine.decisions.errors import Place
from app.engine.decisions.typing import Types


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that matched: the decision's id, the table's, the rule's own id and its number from 1."""

    decision: str
    table: str
    rule: str
    index: int


@dataclass(slots=True)
class Run:
    """Handed from one boxed expression to the next."""

    types: Types
    matched: list[MatchedRule] = field(default_factory=list)
    place: Place = field(default_factory=Place)
    decision_id: str = ""

    def typed(self, value: feel.Value, type_ref: str) -> Any:
        """A result as its declared type has it: null where it does not fit (DMN 1.3, 10.3.2.9.4)."""
        return self.types.conform(value, type_ref)
