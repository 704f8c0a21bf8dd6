"""The part of the data that the form shows: what is hidden or only shown is left out, what was not sent is filled in.

Notes what is missing on the way, since only here it is known which fields are visible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.forms.expressions import Scope, is_hidden
from app.forms.fields import INPUTS, Component, level
from app.forms.values import EMPTY


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the form we are: what expressions see, what the process already has here, the path of names."""

    scope: Scope
    present: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""

    def group(self, key: str) -> Place:
        before = self.present.get(key)
        return Place(self.scope, before if isinstance(before, Mapping) else {}, f"{self.path}{key}.")

    def item(self, key: str, row: Mapping[str, Any], number: int) -> Place:
        return Place(self.scope.item(row, number), {}, f"{self.path}{key}.{number - 1}.")


class Pruner:
    """`errors` are missing fields by path; `computed` are the visible computed fields of the top level."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}
        self.computed: list[str] = []

    def prune(self, components: tuple[Component, ...], data: Mapping[str, Any], place: Place) -> dict[str, Any]:
        """Unknown fields pass: the schema refuses them by name."""
        known = {item.key for item in level(components)}
        kept = {name: value for name, value in data.items() if name not in known}
        self._level(components, data, place, kept)
        return kept

    def _level(
        self, components: tuple[Component, ...], data: Mapping[str, Any], place: Place, kept: dict[str, Any]
    ) -> None:
        for item in components:
            if is_hidden(item.hide, place.scope):
                continue
            if item.type == "group" and not item.key:
                self._level(item.children, data, place, kept)
            elif item.key and item.type == "expression":
                self._note_computed(item, place)
            elif item.key and item.type in INPUTS:
                self._input(item, data, place, kept)
            elif item.key and item.type == "group":
                kept[item.key] = self._group(item, data.get(item.key), place)
            elif item.key and item.type == "dynamiclist":
                kept[item.key] = self._list(item, data.get(item.key), place)

    def _group(self, item: Component, inner: Any, place: Place) -> Any:
        inner = {} if inner is None else inner
        return self.prune(item.children, inner, place.group(item.key)) if isinstance(inner, Mapping) else inner

    def _list(self, item: Component, rows: Any, place: Place) -> Any:
        if not isinstance(rows, list):
            return [] if rows is None else rows
        return [self._row(item, row, number, place) for number, row in enumerate(rows, 1)]

    def _row(self, item: Component, row: Any, number: int, place: Place) -> Any:
        return self.prune(item.children, row, place.item(item.key, row, number)) if isinstance(row, Mapping) else row

    def _note_computed(self, item: Component, place: Place) -> None:
        if not place.path:
            self.computed.append(item.key)

    def _input(self, item: Component, data: Mapping[str, Any], place: Place, kept: dict[str, Any]) -> None:
        if item.is_fixed:
            return
        if item.key in data:
            kept[item.key] = data[item.key]
        elif item.key not in place.present:
            kept[item.key] = _default(item)
        if item.rules.get("required") is True and _is_missing(item, kept.get(item.key, place.present.get(item.key))):
            self.errors[place.path + item.key] = [_("This field is required.")]
            kept.pop(item.key, None)


def _is_missing(item: Component, value: Any) -> bool:
    """Nothing was entered: null, a blank text, an empty list; a required checkbox must be ticked."""
    if item.type == "checkbox" and value is False:
        return True
    return value is None or (isinstance(value, str) and not value.strip()) or value == []


def _default(item: Component) -> Any:
    default = item.raw.get("defaultValue")
    if default is not None:
        return default
    empty = EMPTY.get(item.type)
    return list(empty) if isinstance(empty, list) else empty
