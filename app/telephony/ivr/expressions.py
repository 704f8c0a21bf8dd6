"""Expressions of a flow: FEEL, the language of decision tables. A number, true, false or a list stands for itself.

FEEL is bounded, reads nothing but the variables it names, and answers null for what makes no sense.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app import feel

MAX_LENGTH = 1_000
"""Characters of one expression."""


@dataclass(frozen=True, slots=True)
class Expr:
    """A parsed expression, or a literal where `parsed` is None."""

    text: str
    parsed: feel.Expression | None
    literal: Any = None

    @property
    def names(self) -> frozenset[str]:
        """The variables it takes."""
        return self.parsed.names if self.parsed else frozenset()

    def value(self, scope: Mapping[str, Any], now: datetime) -> Any:
        """Its plain JSON value. Raises FeelError where a bound is passed."""
        if self.parsed is None:
            return self.literal
        seen = {name: scope[name] for name in self.parsed.names if name in scope}
        return feel.to_json(self.parsed.evaluate(seen, now=now))


def parse(given: Any) -> Expr:
    """A literal, or a text parsed. Raises FeelError."""
    if not isinstance(given, str):
        return Expr(str(given), None, given)
    if len(given) > MAX_LENGTH:
        raise feel.FeelError(_l("an expression has at most %(count)s characters", count=MAX_LENGTH))
    return Expr(given, feel.expression(given))
