"""What may be chosen: static values, a variable named by `valuesKey`, or a FEEL `valuesExpression`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.forms.expressions import Scope, evaluate
from app.forms.fields import Component


def is_static(component: Component) -> bool:
    return not component.raw.get("valuesExpression") and not component.raw.get("valuesKey")


def values_of(component: Component, scope: Scope) -> list[Any]:
    """The values that may be chosen now."""
    if expression := component.raw.get("valuesExpression"):
        found = evaluate(str(expression), scope)
    elif key := component.raw.get("valuesKey"):
        found = scope.data.get(str(key))
    else:
        found = component.raw.get("values")
    return [value_of(item) for item in found] if isinstance(found, list) else []


def value_of(item: Any) -> Any:
    """An option is `{"label", "value"}`, or a plain value that is its own label."""
    if isinstance(item, Mapping):
        return item.get("value", item.get("label"))
    return item


def contains(values: list[Any], value: Any) -> bool:
    """Whether a value is among them; `1` and `True` are different."""
    return any(type(value) is type(candidate) and value == candidate for candidate in values)
