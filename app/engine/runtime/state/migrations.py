"""Formats of the blob. A new format gets a number and a step from the one before; steps are never removed.

1: tasks as dicts under random UUIDs, children listed at their parent, times of the wall clock.
2: tasks as lists (`tasks.py`), ids and times counted within the instance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

FORMAT = 2

Packed = dict[str, Any]


class UnknownFormat(RuntimeError):
    """The blob was written by a newer version of the program, or is none of ours."""


def migrate(packed: Packed) -> Packed:
    """The blob's content in the present format. Raises `UnknownFormat`."""
    version = packed.get("v")
    while version != FORMAT:
        step = STEPS.get(version) if isinstance(version, int) else None
        if step is None:
            raise UnknownFormat(f"state of format {version!r}; this program writes {FORMAT}")
        packed = step(packed)
        version = packed["v"]
    return packed


def _from_1(packed: Packed) -> Packed:
    """Ids stay as they are; times become their places in the order of all times."""
    parts = [packed["wf"], *packed["wf"]["subs"].values()]
    times = sorted({task["c"] for part in parts for task in part["tasks"].values()})
    places = {time: place for place, time in enumerate(times, start=1)}
    for part in parts:
        part["tasks"] = [_task_from_1(token, part["tasks"][token], places) for token in _down(part)]
    return {"v": 2, "count": len(times), "env": packed["env"], "wf": packed["wf"]}


def _task_from_1(token: str, task: Packed, places: dict[float, int]) -> list[Any]:
    more = {key: task[key] for key in ("t", "x", "d", "u", "r") if key in task}
    kept = [token, task["n"], task["s"], places[task["c"]], task.get("p")]
    return [*kept, more] if more else kept


def _down(part: Packed) -> Iterator[str]:
    """Ids of format 1, parents first and children in their order."""
    waiting = [part["root"]]
    while waiting:
        token = waiting.pop()
        yield token
        waiting.extend(reversed(part["tasks"][token].get("k", [])))


STEPS: dict[int, Callable[[Packed], Packed]] = {1: _from_1}
"""`STEPS[n]` turns format n into n + 1."""
