"""What a reader carries along: the names of the model, and the faults found so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import lazy_gettext as _l

from app import feel
from app.engine.decisions.errors import Fault, Place

_NOTHING = feel.expression("null")
_NEVER = feel.unary("? = null and ? != null")


@dataclass(slots=True)
class Notes:
    """`names` are all names of the model, so that those of several words are found in FEEL texts."""

    names: frozenset[str] = frozenset()
    faults: list[Fault] = field(default_factory=list)

    def fault(self, place: Place, rule: str, message: Any, severity: str = "error") -> None:
        self.faults.append(Fault(place, rule, message, severity))

    def expression(self, text: str, place: Place) -> feel.Expression:
        """A FEEL expression; a faulty one is noted, and null stands in for it."""
        try:
            return feel.expression(text, self.names)
        except feel.FeelError as error:
            self.fault(place, "feel", error)
            return _NOTHING

    def test(self, text: str, place: Place) -> feel.UnaryTest:
        """A unary test; an empty one holds always."""
        try:
            return feel.unary(text or "-", self.names)
        except feel.FeelError as error:
            self.fault(place, "feel", error)
            return _NEVER

    def language(self, text: str, place: Place) -> None:
        """Note an expression language other than FEEL."""
        if text and "feel" not in text.lower():
            self.fault(place, "language", _l("%(language)s is not supported: write FEEL.", language=text))


def at(place: Place, element: str) -> Place:
    """The same place, named by an element nearer to it."""
    return replace(place, element=element) if element else place
