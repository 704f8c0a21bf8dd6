"""The base of a form's fields, and the scope that bounds and choices are evaluated in."""

from __future__ import annotations

from contextvars import ContextVar
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import fields

from app.forms.expressions import Scope, evaluate, is_expression
from app.forms.fields import Component

MANY_BOUND = 200
"""Entries of a value that is a list."""

scope: ContextVar[Scope] = ContextVar("form_scope")
"""Bound by `validation` around the loading of a schema."""


def present() -> Scope:
    return scope.get(Scope({}))


def bound(component: Component, name: str) -> Decimal | None:
    """A number of `validate`, evaluated where it is FEEL; None where there is none."""
    raw = component.rules.get(name)
    found = evaluate(str(raw), present()) if is_expression(raw) else raw
    try:
        number = Decimal(str(found)) if found is not None and not isinstance(found, bool) else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


class ComponentField(fields.Field[Any]):
    """The base: keeps the component; null is allowed, whether it may be missing is decided elsewhere."""

    def __init__(self, component: Component, **options: Any) -> None:
        super().__init__(allow_none=True, **options)
        self.component = component

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        return self.check(value)

    def check(self, value: Any) -> Any:
        """The value as it is kept; raises ValidationError."""
        raise NotImplementedError
