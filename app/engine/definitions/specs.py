"""Loaded definitions: frozen specifications, cached by definition id, shared by all instances and threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import RLock
from types import MappingProxyType
from typing import Any

from lxml import etree

from app.engine.definitions.bindings import LATEST
from app.engine.definitions.elements import Element
from app.engine.definitions.models import Definition
from app.engine.elements.freeze import freeze
from app.engine.elements.parser import DiagramParser
from app.kernel.db import session
from app.kernel.errors import NotFound

CACHE_SIZE = 256


@dataclass(frozen=True, slots=True)
class Loaded:
    """A definition ready to run.

    `spec.name` is the definition's id and names the process in `subprocess_specs`; embedded
    subprocesses are `<definition id>:<element id>`. `subprocess_specs` includes every called
    process as it was pinned, and finds those that are bound when they are called. `elements`
    are those of this diagram alone; `element()` finds any of a running workflow. `called`
    are the definitions it calls, by id.
    """

    definition_id: str
    key: str
    version: int
    name: str
    name_en: str
    spec: Any
    subprocess_specs: Mapping[str, Any]
    elements: Mapping[str, Element]
    bindings: Mapping[str, str]
    called: Mapping[str, Loaded] = field(default_factory=dict)

    def element(self, spec_name: str, element_id: str) -> Element | None:
        """The element a task of the (sub)process `task.workflow.spec.name` stands for."""
        owner = self._owner(spec_name)
        return owner.elements.get(element_id) if owner is not None else None

    def definition_of(self, spec_name: str) -> Loaded | None:
        """The definition a (sub)process of a running workflow belongs to."""
        return self._owner(spec_name)

    def _owner(self, spec_name: str) -> Loaded | None:
        definition_id = spec_name.partition(":")[0]
        if definition_id == self.definition_id:
            return self
        return self.called.get(definition_id) or _bound_at_the_call(definition_id)


@dataclass(frozen=True, slots=True)
class _Part:
    """One definition parsed by itself."""

    row_id: str
    key: str
    version: int
    name: str
    name_en: str
    spec: Any
    inner: dict[str, Any]
    elements: Mapping[str, Element]
    bindings: Mapping[str, str]

    @property
    def calls(self) -> set[str]:
        return {value for name, value in self.bindings.items() if name.startswith("bpmn:") and value != LATEST}


class _Specs(dict[str, Any]):
    """Specifications by name; those of a process that is bound when it is called are loaded then."""

    def __missing__(self, name: str) -> Any:
        other = load(name.partition(":")[0]).subprocess_specs
        if name not in other:
            raise KeyError(name)
        return other[name]


_lock = RLock()
_parts: OrderedDict[str, _Part] = OrderedDict()
_loaded: OrderedDict[str, Loaded] = OrderedDict()


def load(definition_id: str) -> Loaded:
    """The definition ready to run, with everything it calls; raises `NotFound`."""
    with _lock:
        if definition_id in _loaded:
            _loaded.move_to_end(definition_id)
            return _loaded[definition_id]
        loaded = _assemble(_reachable(definition_id))
        _remember(_loaded, definition_id, loaded)
        return loaded


def forget() -> None:
    """Empty the cache (tests that use one process for several databases)."""
    with _lock:
        _parts.clear()
        _loaded.clear()


def parse(
    normalized: bytes | str, key: str, definition_id: str, bindings: Mapping[str, str]
) -> tuple[Any, dict[str, Any]]:
    """A normalized diagram as frozen specs: its process, and its own subprocesses by their names."""
    parser = DiagramParser(bindings)
    data = normalized.encode() if isinstance(normalized, str) else normalized
    parser.add_bpmn_xml(etree.fromstring(data))
    spec = parser.get_spec(key)
    inner = parser.get_subprocess_specs(key, require_call_activity_specs=False)
    own = {name: found for name, found in inner.items() if found is not None}
    return freeze(spec, own, definition_id)


def _bound_at_the_call(definition_id: str) -> Loaded | None:
    try:
        return load(definition_id)
    except NotFound:
        return None


def _reachable(definition_id: str) -> list[_Part]:
    found: dict[str, _Part] = {}
    waiting = [definition_id]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found[current] = _part(current)
            waiting.extend(sorted(found[current].calls))
    return list(found.values())


def _part(definition_id: str) -> _Part:
    if definition_id not in _parts:
        row = session.get(Definition, definition_id)
        if row is None or row.kind != "bpmn" or row.normalized is None:
            raise NotFound(f"no process definition {definition_id}")
        spec, inner = parse(row.normalized, row.key, row.id, row.bindings)
        elements = {entry["id"]: Element(**entry) for entry in row.elements}
        part = _Part(
            row.id, row.key, row.version, row.name, row.name_en, spec, inner,
            MappingProxyType(elements), MappingProxyType(dict(row.bindings)),
        )  # fmt: skip
        _remember(_parts, definition_id, part)
    return _parts[definition_id]


def _assemble(parts: list[_Part]) -> Loaded:
    specs = _Specs()
    for part in parts:
        specs[part.row_id] = part.spec
        specs.update(part.inner)
    frozen = MappingProxyType(specs)
    called: dict[str, Loaded] = {}
    every = MappingProxyType(called)
    for part in parts:
        called[part.row_id] = Loaded(
            part.row_id, part.key, part.version, part.name, part.name_en, part.spec, frozen,
            part.elements, part.bindings, every,
        )  # fmt: skip
    return called[parts[0].row_id]


def _remember(cache: OrderedDict[str, Any], key: str, value: Any) -> None:
    cache[key] = value
    while len(cache) > CACHE_SIZE:
        cache.popitem(last=False)
