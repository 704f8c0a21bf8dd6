"""The component tree of a form-js file as this system reads it: which types there are, what holds what.

Reading never raises on a broken tree: what is not a component is left out, and
`checking` says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

INPUTS = frozenset(
    {
        "textfield",
        "textarea",
        "number",
        "checkbox",
        "checklist",
        "radio",
        "select",
        "taglist",
        "datetime",
        "expression",
        "filepicker",
    }
)
"""Types that hold a value under their `key`."""
CONTAINERS = frozenset({"group", "dynamiclist"})
"""Types that hold components; a dynamic list holds them once an item, under its `path`."""
SHOWN = frozenset({"text", "html", "image", "separator", "spacer", "button", "table", "documentPreview"})
"""Types that only show something."""
KNOWN = INPUTS | CONTAINERS | SHOWN

CHOICES = frozenset({"radio", "select", "checklist", "taglist"})
MANY = frozenset({"checklist", "taglist"})
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Component:
    """One component with what it holds; `raw` is its JSON object."""

    type: str
    raw: Mapping[str, Any]
    children: tuple[Component, ...] = ()

    @property
    def key(self) -> str:
        """The name of its value: `key` of an input, `path` of a container, "" for none."""
        name = self.raw.get("path" if self.type in CONTAINERS else "key")
        return name if isinstance(name, str) else ""

    @property
    def ref(self) -> str:
        """How messages name it: its id, else its key or type."""
        found = self.raw.get("id")
        return found if isinstance(found, str) and found else self.key or self.type

    @property
    def label(self) -> str:
        for name in ("label", "dateLabel", "timeLabel"):
            if isinstance(text := self.raw.get(name), str) and text:
                return text
        return self.key

    @property
    def rules(self) -> Mapping[str, Any]:
        """The `validate` object."""
        return part(self.raw, "validate")

    @property
    def properties(self) -> Mapping[str, Any]:
        """Custom properties: `label_en`, `role`, ..."""
        return part(self.raw, "properties")

    @property
    def hide(self) -> str:
        """The FEEL condition under which it is hidden, "" for none."""
        text = part(self.raw, "conditional").get("hide")
        return text if isinstance(text, str) else ""

    @property
    def is_fixed(self) -> bool:
        """Shown, never taken from the person."""
        return self.raw.get("disabled") is True or self.raw.get("readonly") is True


def part(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A nested object, empty where there is none."""
    value = raw.get(name)
    return value if isinstance(value, Mapping) else {}


def read(form: Mapping[str, Any]) -> tuple[Component, ...]:
    """The components of a form."""
    return _children(form, 0)


def _children(raw: Mapping[str, Any], depth: int) -> tuple[Component, ...]:
    found = raw.get("components")
    if not isinstance(found, list) or depth >= MAX_DEPTH:
        return ()
    return tuple(_component(item, depth) for item in found if isinstance(item, Mapping))


def _component(raw: Mapping[str, Any], depth: int) -> Component:
    kind = raw.get("type")
    name = kind if isinstance(kind, str) else ""
    return Component(name, raw, _children(raw, depth + 1) if name in CONTAINERS else ())


def walk(components: tuple[Component, ...]) -> Iterator[Component]:
    """Every component, containers before what they hold."""
    for component in components:
        yield component
        yield from walk(component.children)


def level(components: tuple[Component, ...]) -> Iterator[Component]:
    """The components whose values lie in one object: groups without a path are looked through."""
    for component in components:
        if component.type == "group" and not component.key:
            yield from level(component.children)
        elif component.key and component.type in INPUTS | CONTAINERS:
            yield component
