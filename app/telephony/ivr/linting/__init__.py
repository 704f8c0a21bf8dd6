"""What is wrong with flows that are each well written: where they lead, what they name, whether they end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.linting import endless, exits, hangup, identification, names, targets, variables
from app.telephony.ivr.linting.known import Known
from app.telephony.ivr.problems import Problem

STRUCTURE: tuple[Callable[[FlowSet], Iterator[Problem]], ...] = (
    targets.check,
    exits.check,
    endless.check,
    variables.check,
    hangup.check,
)
NAMES: tuple[Callable[[FlowSet, Known], Iterator[Problem]], ...] = (names.check, identification.check)


def lint(flows: FlowSet, known: Known) -> list[Problem]:
    """Every finding, by file and line."""
    found = [problem for check in STRUCTURE for problem in check(flows)]
    found += [problem for check in NAMES for problem in check(flows, known)]
    return sorted(dict.fromkeys(found), key=lambda problem: (problem.file, problem.line, problem.rule))


__all__ = ["Known", "lint"]
