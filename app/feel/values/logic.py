"""The logic of three values: true, false, null. Anything but a boolean counts as null."""

from __future__ import annotations

from app.feel.values.kinds import Value


def all_of(values: list[Value]) -> bool | None:
    """Conjunction: false wins, then null."""
    if any(value is False for value in values):
        return False
    return True if all(value is True for value in values) else None


def any_of(values: list[Value]) -> bool | None:
    """Disjunction: true wins, then null."""
    if any(value is True for value in values):
        return True
    return False if all(value is False for value in values) else None
