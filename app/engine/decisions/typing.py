"""Types of a model: FEEL's, Camunda's names for some of them, and the model's own item definitions.

Inputs come as JSON and are read by their type (an ISO text for a date); results are held
against theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from app import feel
from app.feel.values import temporal
from app.feel.values.types import ALIASES, ANY, SIMPLE, Type


class WrongType(ValueError):
    """A value that is not of the declared type, or not allowed; the message says which was wanted."""


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type of the model. `allowed` is a unary test that each value must pass, `returns` what a function gives."""

    name: str
    type_ref: str
    collection: bool = False
    allowed: feel.UnaryTest | None = None
    components: tuple[ItemDefinition, ...] = ()
    returns: str = ""


_CAMUNDA = {"integer": "number", "long": "number", "double": "number", "short": "number", "float": "number"}
_WHOLE = {"integer", "long", "short"}
_TEXTS: dict[str, Callable[[str], Any]] = {
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_date_time,
    "days and time duration": temporal.parse_duration,
    "years and months duration": temporal.parse_duration,
    "duration": temporal.parse_duration,
}
_DEPTH = 20


class Types:
    """All types of a model."""

    def __init__(self, items: Mapping[str, ItemDefinition] | None = None) -> None:
        self.items = items or {}

    def knows(self, type_ref: str) -> bool:
        return not type_ref or type_ref in self.items or _basic(type_ref) is not None

    def type_of(self, type_ref: str, depth: int = 0) -> Type:
        """The FEEL type a reference stands for."""
        item = self.items.get(type_ref)
        if item is None or depth > _DEPTH:
            return Type(_basic(type_ref) or ANY)
        return self._item_type(item, depth)

    def _item_type(self, item: ItemDefinition, depth: int) -> Type:
        if item.components:
            fields = ((part.name, self._item_type(part, depth + 1)) for part in item.components)
            kind = Type("context", fields=tuple(fields))
        else:
            kind = self.type_of(item.type_ref, depth + 1)
        return Type("list", (kind,)) if item.collection else kind

    def conform(self, value: feel.Value, type_ref: str) -> feel.Value:
        return feel.conform(value, self.type_of(type_ref)) if type_ref else value

    def result_of(self, type_ref: str) -> str:
        """The type of what a service answers: its own type is that of a function, or plainly that of the answer."""
        item = self.items.get(type_ref)
        return type_ref if item is None or not item.returns else item.returns

    def read(self, value: Any, type_ref: str) -> feel.Value:
        """The FEEL value of an input. Raises WrongType."""
        item = self.items.get(type_ref)
        return self._read_basic(value, type_ref) if item is None else self._read_item(value, item, 0)

    def _read_item(self, value: Any, item: ItemDefinition, depth: int) -> feel.Value:
        if value is None:
            return None
        if depth > _DEPTH:
            raise WrongType(_l("type %(name)s refers to itself", name=item.name))
        if item.collection:
            values = value if isinstance(value, (list, tuple)) else [value]
            return [self._read_one(part, item, depth) for part in values]
        return self._read_one(value, item, depth)

    def _read_one(self, value: Any, item: ItemDefinition, depth: int) -> feel.Value:
        if item.components:
            result = self._read_structure(value, item, depth)
        elif (base := self.items.get(item.type_ref)) is not None:
            result = self._read_item(value, base, depth + 1)
        else:
            result = self._read_basic(value, item.type_ref)
        if result is not None and item.allowed is not None and not item.allowed.matches(result):
            raise WrongType(_l("%(value)s is not one of %(allowed)s", value=_shown(value), allowed=item.allowed.text))
        return result

    def _read_structure(self, value: Any, item: ItemDefinition, depth: int) -> feel.Value:
        if not isinstance(value, Mapping):
            raise WrongType(_l("%(value)s is no %(type)s", value=_shown(value), type=item.name))
        result = {str(key): feel.to_feel(part) for key, part in value.items()}
        for part in item.components:
            result[part.name] = self._read_item(value.get(part.name), part, depth + 1)
        return result

    def _read_basic(self, value: Any, type_ref: str) -> feel.Value:
        given = feel.to_feel(value)
        wanted = _basic(type_ref)
        if given is None or wanted is None or wanted == ANY:
            return given
        if isinstance(given, list) and len(given) == 1 and wanted != "list":
            given = given[0]  # as FEEL converts it (DMN 1.3, 10.3.2.9.4)
        if isinstance(given, str) and wanted in _TEXTS:
            given = _TEXTS[wanted](given)
        if not feel.fits(given, Type(wanted)) or (type_ref in _WHOLE and _has_fraction(given)):
            raise WrongType(_l("%(value)s is no %(type)s", value=_shown(value), type=type_ref))
        return given


def _has_fraction(value: Decimal) -> bool:
    return value != value.to_integral_value()


def _shown(value: Any) -> str:
    text = str(feel.to_json(feel.to_feel(value)))
    return text if len(text) <= 60 else f"{text[:60]}…"


def _basic(type_ref: str) -> str | None:
    """FEEL's name of a basic type; None for a reference that is none."""
    name = _CAMUNDA.get(type_ref, ALIASES.get(type_ref, type_ref))
    return name if name in SIMPLE | {ANY, "context", "list", "function", "range", "duration", "Null"} else None
