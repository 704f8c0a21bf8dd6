"""What differs between two texts of a flow, node by node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

import yaml

from app.telephony.ivr.problems import BadFlow
from app.telephony.ivr.reading import read

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of one part: `sign` is `+`, `-` or a space."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A part that differs: a node, or, without a name, what stands above the nodes; transcripts by their names."""

    part: Literal["head", "node", "transcript"]
    name: str
    kind: Kind
    lines: tuple[DiffLine, ...]


def compare(old: str, new: str) -> list[Change]:
    """Every part that differs, in the order of the new text, what is gone last."""
    before, after = _parts(old), _parts(new)
    names = [*after, *(name for name in before if name not in after)]
    changes = []
    for name in names:
        if before.get(name) == after.get(name):
            continue
        kind: Kind = "added" if name not in before else "removed" if name not in after else "changed"
        part, title = name
        lines = tuple(_lines(before.get(name, ""), after.get(name, "")))
        changes.append(Change(part, title, kind, lines))
    return changes


def _parts(text: str) -> dict[tuple[Any, str], str]:
    """The text of each part as YAML writes it, so that only what is said counts, not how it is set out."""
    try:
        value = read(text, "").value
    except BadFlow:
        value = None
    if not isinstance(value, Mapping):
        return {("head", ""): text}
    head = {key: item for key, item in value.items() if key not in ("nodes", "transcripts")}
    parts: dict[tuple[Any, str], str] = {("head", ""): _written(head)}
    nodes = value.get("nodes")
    for name, node in nodes.items() if isinstance(nodes, Mapping) else ():
        parts["node", name] = _written(node)
    transcripts = value.get("transcripts")
    for number, one in enumerate(transcripts if isinstance(transcripts, list) else (), start=1):
        name = one.get("name", "") if isinstance(one, Mapping) else ""
        parts["transcript", str(name or number)] = _written(one)
    return parts


def _written(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100)


def _lines(old: str, new: str) -> Iterator[DiffLine]:
    before, after = old.splitlines(), new.splitlines()
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (DiffLine(" ", line) for line in before[a:b])
        else:
            yield from (DiffLine("-", line) for line in before[a:b])
            yield from (DiffLine("+", line) for line in after[c:d])
