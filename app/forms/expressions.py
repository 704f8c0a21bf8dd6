"""FEEL in forms: hide conditions, computed values and bounds, with the words form-js gives them.

An expression sees the values of the whole form and of the process, and in a list's item
`this` (the item), `parent` and `i` (its number from 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app import feel


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression at one place of the form can see."""

    data: Mapping[str, Any]
    now: datetime | None = None
    this: Mapping[str, Any] | None = None
    parent: Mapping[str, Any] | None = None
    index: tuple[int, ...] = field(default=())

    def item(self, value: Mapping[str, Any], number: int) -> Scope:
        """The scope inside an item of a list; `number` counts from 1."""
        return Scope(self.data, self.now, value, self.this or self.data, (*self.index, number))

    @property
    def names(self) -> dict[str, Any]:
        this = self.data if self.this is None else self.this
        local = {"this": this, "parent": self.parent, "i": list(self.index)}
        return {**self.data, **(self.this or {}), **local}


def is_expression(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


def evaluate(text: str, scope: Scope) -> Any:
    """The value of `=expression` as JSON; None where it cannot be told."""
    try:
        return feel.to_json(feel.expression(text.removeprefix("=")).evaluate(scope.names, now=scope.now))
    except (feel.FeelError, TypeError):
        return None


def is_hidden(condition: str, scope: Scope) -> bool:
    """Whether a hide condition holds; one that cannot be told hides nothing, as in form-js."""
    return bool(condition) and evaluate(condition, scope) is True


def problem(text: str) -> str:
    """Why an expression cannot be read, "" where it can."""
    try:
        feel.expression(text.removeprefix("="))
    except feel.FeelError as error:
        return str(error)
    return ""
