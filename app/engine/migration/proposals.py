"""What an element without a counterpart may have become: new elements of its kind, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.engine.migration.nodes import Node, read_nodes
from app.engine.migration.plan import version_id


@dataclass(frozen=True, slots=True)
class Proposal:
    """`choices` are new elements of the same kind (id, name, English name); `proposed` is one of them or ""."""

    element_id: str
    kind: str
    name: str
    name_en: str
    choices: tuple[tuple[str, str, str], ...]
    proposed: str


def propose_mapping(key: str, *, source: int, target: int) -> list[Proposal]:
    """For each element that the target version lacks. Raises `DefinitionNotFound`.

    Proposed is the one new element of its kind with its name; each at most once, as several
    elements cannot become one.
    """
    before, after = read_nodes(version_id(key, source)), read_nodes(version_id(key, target))
    added = [node for node in after.values() if node.id not in before]
    taken: set[str] = set()
    found = []
    for node in before.values():
        if node.id in after:
            continue
        choices = [one for one in added if one.kind == node.kind]
        proposed = _likeliest(node, [one for one in choices if one.id not in taken])
        taken.add(proposed)
        listed = tuple((one.id, one.name, one.name_en) for one in choices)
        found.append(Proposal(node.id, node.kind, node.name, node.name_en, listed, proposed))
    return found


def _likeliest(node: Node, choices: Iterable[Node]) -> str:
    """One of the same name (two of it would be a guess)."""
    same = [one.id for one in choices if node.name and one.name == node.name]
    return same[0] if len(same) == 1 else ""
