"""The first steps of a new instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.elements.catches import PAYLOAD
from app.engine.elements.starts import begin_with, start_for
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.steps import advance
from app.engine.scripting import plain


@dataclass(frozen=True, slots=True)
class Cause:
    """What starts an instance: `message` or `signal` by name, `timer` by its element, or a person or command ("")."""

    kind: str = ""
    reference: str = ""


BY_HAND = Cause()


def begin(run: Run, values: Mapping[str, Any], cause: Cause) -> None:
    """Take the process past the start event that is meant, with its first variables.

    Those of a message or signal are its payload. A process that begins with events only
    and is started by hand takes the first of them. Raises LookupError where the process has
    no start for this cause.
    """
    root = run.workflow.task_tree
    start = start_for(run.loaded.spec, cause.kind, cause.reference)
    if cause.kind in {"message", "signal"}:
        begin_with(root, start, {PAYLOAD: plain(dict(values))})
    else:
        root.data.update(values)
        begin_with(root, start, {})
    advance(run)
