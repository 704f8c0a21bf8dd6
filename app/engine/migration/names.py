"""Where the steps of one version stand in another: names of processes, subprocesses and steps.

The engine puts joints of its own around an element (`<id>.split`, `<id>.BoundaryEventSplit`,
`<id> [child]`): they go where the element goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from SpiffWorkflow.task import Task

from app.engine.definitions.specs import Loaded
from app.engine.migration.differences import Difference, compare
from app.engine.runtime.elements import scope_of


@dataclass(frozen=True)
class Names:
    """A way from `source` to `target`. `mapping` renames elements of the process itself, not of those it calls."""

    source: Loaded
    target: Loaded
    mapping: Mapping[str, str] = field(default_factory=dict)

    def scope(self, name: str) -> str | None:
        """The (sub)process of the target, None where there is none."""
        definition_id, colon, inner = name.partition(":")
        pair = self._pairs.get(definition_id)
        if pair is None:  # a process that was bound when it was called stays in its version
            return None if definition_id in self.source.called else name
        found = f"{pair.definition_id}{colon}{self._element(definition_id, inner)}"
        return found if found in self.target.subprocess_specs or found == self.target.definition_id else None

    def spec(self, task: Task) -> Any | None:
        """The step of the target that this task stands for, None where there is none."""
        scope = self.scope(scope_of(task))
        if scope is None:
            return None
        part = self.target.spec if scope == self.target.definition_id else self.target.subprocess_specs[scope]
        return part.task_specs.get(self._element(scope_of(task).partition(":")[0], task.task_spec.name))

    def element(self, task: Task, element_id: str) -> str:
        """The id of an element of the task's own diagram in the target."""
        return self._element(scope_of(task).partition(":")[0], element_id)

    def place(self, scope: str, element_id: str) -> tuple[str, str] | None:
        """The same element of the target, by its (sub)process and id; None where that process is gone."""
        found = self.scope(scope)
        return None if found is None else (found, self._element(scope.partition(":")[0], element_id))

    def difference(self, task: Task) -> Difference | None:
        """How the element of this task, or the one whose joint it is, differs; None where it does not."""
        definition_id = scope_of(task).partition(":")[0]
        found = self._differences(definition_id)
        name = getattr(task.task_spec, "bpmn_id", None) or task.task_spec.name
        while name:
            if name in found:
                return found[name]
            name = name.rpartition(".")[0] if "." in name else ""
        return None

    def changed_inside(self, task: Task) -> bool:
        """Whether anything in the subprocess this task runs is not the same."""
        definition_id, _, inner = str(getattr(task.task_spec, "spec", "")).partition(":")
        if not inner:
            return bool(self._pairs.get(definition_id)) and self._pairs[definition_id].definition_id != definition_id
        if definition_id not in self.source.called:
            return False
        elements = self.source.called[definition_id].elements
        return any(_is_inside(elements, key, inner) for key in self._differences(definition_id))

    def _element(self, definition_id: str, name: str) -> str:
        if definition_id != self.source.definition_id:
            return name
        for before in sorted(self.mapping, key=len, reverse=True):
            if name == before or name.startswith((f"{before}.", f"{before} ")):
                return self.mapping[before] + name[len(before) :]
        return name

    @cached_property
    def _pairs(self) -> dict[str, Loaded]:
        """The definitions of the source, and what each becomes: itself where it is still called, else the same key."""
        pairs = {}
        for definition_id, loaded in self.source.called.items():
            same = [other for other in self.target.called.values() if other.key == loaded.key]
            if definition_id == self.source.definition_id:
                pairs[definition_id] = self.target
            elif definition_id in self.target.called:
                pairs[definition_id] = loaded
            elif same:
                pairs[definition_id] = max(same, key=lambda other: other.version)
        return pairs

    @cached_property
    def _found(self) -> dict[str, dict[str, Difference]]:
        return {}

    def _differences(self, definition_id: str) -> dict[str, Difference]:
        if definition_id not in self._found:
            pair = self._pairs.get(definition_id)
            mapping = self.mapping if definition_id == self.source.definition_id else {}
            same = pair is None or pair.definition_id == definition_id
            found = [] if same or pair is None else compare(definition_id, pair.definition_id, mapping)
            self._found[definition_id] = {one.element_id: one for one in found if one.changes != ("added",)}
        return self._found[definition_id]


def _is_inside(elements: Mapping[str, Any], element_id: str, outer: str) -> bool:
    seen = element_id
    while seen in elements:
        seen = elements[seen].process
        if seen == outer:
            return True
    return False
