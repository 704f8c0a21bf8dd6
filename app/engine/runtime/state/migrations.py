"""Formats of the blob. A new format gets a number and a step from the one before; steps are never removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FORMAT = 1

STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""`STEPS[n]` turns format n into n + 1."""


class UnknownFormat(RuntimeError):
    """The blob was written by a newer version of the program, or is none of ours."""


def migrate(packed: dict[str, Any]) -> dict[str, Any]:
    """The blob's content in the present format. Raises `UnknownFormat`."""
    version = packed.get("v")
    while version != FORMAT:
        step = STEPS.get(version) if isinstance(version, int) else None
        if step is None:
            raise UnknownFormat(f"state of format {version!r}; this program writes {FORMAT}")
        packed = step(packed)
        version = packed["v"]
    return packed
