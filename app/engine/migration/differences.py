"""How two versions differ, element by element: what an operator reads, and what a judgement rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.migration.nodes import Flow, Node, read_nodes


@dataclass(frozen=True, slots=True)
class Difference:
    """One element that is not the same in both versions.

    `changes` holds `added`, `removed`, or any of `behaviour` (its own attributes and
    content), `flows` (where it leads or what leads to it), `pinned` (another version of the
    form, decision or process it names), `moved` (into another subprocess) and `name`.
    `target_id` is its id in the other version, "" where it is removed.
    """

    element_id: str
    target_id: str
    kind: str
    name: str
    name_en: str
    changes: tuple[str, ...]


ORDER = ("added", "removed", "behaviour", "pinned", "flows", "moved", "name")


def compare(source_id: str, target_id: str, mapping: Mapping[str, str] | None = None) -> list[Difference]:
    """What the target version has otherwise; `mapping` gives ids of the source their ids in the target."""
    source, target = read_nodes(source_id), read_nodes(target_id)
    renamed = dict(mapping or {})
    found = [_compared(node, target.get(renamed.get(node.id, node.id)), renamed) for node in source.values()]
    kept = {renamed.get(node_id, node_id) for node_id in source}
    found += [_difference(node, node.id, ["added"]) for node in target.values() if node.id not in kept]
    return [difference for difference in found if difference.changes]


def _compared(node: Node, other: Node | None, renamed: Mapping[str, str]) -> Difference:
    if other is None:
        return _difference(node, "", ["removed"])
    changes = {
        "behaviour": node.body != _written_as(other.body, renamed) or node.kind != other.kind,
        "pinned": node.pins != other.pins,
        "flows": _renamed(node.leaving, renamed) != other.leaving or _renamed(node.arriving, renamed) != other.arriving,
        "moved": renamed.get(node.process, node.process) != other.process,
        "name": (node.name, node.name_en) != (other.name, other.name_en),
    }
    return _difference(node, other.id, [name for name, differs in changes.items() if differs])


def _written_as(body: str, renamed: Mapping[str, str]) -> str:
    """The other body with the activity a boundary event hangs on under its old id."""
    for before, after in renamed.items():
        body = body.replace(f'attachedToRef="{after}"', f'attachedToRef="{before}"')
    return body


def _renamed(flows: frozenset[Flow], renamed: Mapping[str, str]) -> frozenset[Flow]:
    return frozenset((renamed.get(end, end), condition, default) for end, condition, default in flows)


def _difference(node: Node, target_id: str, changes: list[str]) -> Difference:
    ordered = tuple(name for name in ORDER if name in changes)
    return Difference(node.id, target_id, node.kind, node.name, node.name_en, ordered)
