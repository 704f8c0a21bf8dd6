"""All checks of a diagram. Each file checks one thing; each problem names its element and rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from lxml.etree import _Element

from app.engine.definitions.checks import expressions, flows, references, runnable, structure, unsupported
from app.engine.definitions.checks.diagram import Diagram
from app.engine.definitions.problems import Problem, errors_of
from app.kernel.registry import Service


def check_diagram(
    name: str, root: _Element, *, known: Collection[str] | None, services: Mapping[str, Service]
) -> list[Problem]:
    """Every problem of a diagram. `known` is what it may call, decide by and show (None: not looked up)."""
    diagram = Diagram(name, root)
    structure.check(diagram)
    if diagram.processes:
        unsupported.check(diagram)
        references.check(diagram, known, services)
        flows.check(diagram)
        expressions.check(diagram)
        if not errors_of(diagram.problems):
            runnable.check(diagram)
    return list(dict.fromkeys(diagram.problems))
