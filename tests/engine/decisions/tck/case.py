"""A case of the kit as data (`cases/*.yaml`) and the DMN file that says the same.

`decisions` are by name, with `type`, `uses` (names of inputs, decisions, knowledge models)
and either `text` (a literal expression) or `table`; a rule is a line, `test | test || output`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import yaml

from tests.engine.decisions.models import decision, knowledge, literal, model, table

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Vector:
    """Inputs by name, and what each decision asked for then answers."""

    given: Mapping[str, Any]
    results: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    content: bytes
    vectors: tuple[Vector, ...]


def cases() -> Iterator[Case]:
    """Every case, its file in DMN 1.3."""
    for path in sorted(CASES.glob("*.yaml")):
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        vectors = tuple(Vector(one["given"], one["results"]) for one in told["tests"])
        yield Case(path.stem, _file(told), vectors)


def _file(told: Mapping[str, Any]) -> bytes:
    inputs = told.get("inputs", {})
    functions = told.get("knowledge", {})
    parts = [knowledge(name, one["parameters"], literal(one["text"])) for name, one in functions.items()]
    ids = {name: f"d{number}" for number, name in enumerate(told["decisions"], 1)}
    for name, one in told["decisions"].items():
        uses = [f"i_{used}" if used in inputs else ids[used] for used in one.get("uses", ()) if used not in functions]
        knows = [used for used in one.get("uses", ()) if used in functions]
        logic = _table(one["table"], f"t{ids[name]}") if "table" in one else literal(one["text"])
        parts.append(decision(ids[name], logic, uses=uses, knows=knows, kind=one["type"], label=name))
    types = "".join(_item("itemDefinition", name, one) for name, one in told.get("types", {}).items())
    return model(*parts, inputs=inputs, types=types)


def _item(element: str, name: str, told: str | Mapping[str, Any]) -> str:
    """A type: the name of another one, or `is` with `allowed`, or `fields`; `list` makes a collection."""
    if isinstance(told, str):
        told = {"is": told}
    inner = "".join(_item("itemComponent", part, one) for part, one in told.get("fields", {}).items())
    if "is" in told:
        inner = f"<typeRef>{told['is']}</typeRef>"
    if "allowed" in told:
        inner += f"<allowedValues><text>{escape(told['allowed'])}</text></allowedValues>"
    collection = ' isCollection="true"' if told.get("list") else ""
    return f"<{element} name={quoteattr(name)}{collection}>{inner}</{element}>"


def _table(told: Mapping[str, Any], prefix: str) -> str:
    inputs = [(one["text"], one["type"], one.get("allowed", "")) for one in told["inputs"]]
    outputs = [tuple(one.get(key, "") for key in ("name", "type", "allowed", "default")) for one in told["outputs"]]
    rules = [line.replace("||", "|").split("|") for line in told["rules"].splitlines()]
    cells = [[cell.strip() for cell in rule] for rule in rules]
    aggregation = told.get("aggregation", "")
    return table(inputs, outputs, cells, policy=told["policy"], aggregation=aggregation, prefix=prefix)
