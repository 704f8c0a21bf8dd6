"""From a diagram as analysts draw it (Camunda 7's dialect) to what the engine runs. One rewrite a file.

The original is stored as it is; what this makes is derived from it and can be made again.
"""

from __future__ import annotations

from copy import deepcopy

from lxml.etree import _Element

from app.engine.definitions.normalize import (
    double_flows,
    expressions,
    implicit_splits,
    links,
    missing_ends,
    multi_instance,
    parts,
    signal_ends,
    timers,
)

_REWRITES = (
    parts,
    expressions,
    timers,
    multi_instance,
    links,
    signal_ends,
    implicit_splits,
    double_flows,
    missing_ends,
)


def normalize(root: _Element) -> _Element:
    """A rewritten copy of a checked diagram."""
    result = deepcopy(root)
    for step in _REWRITES:
        step.rewrite(result)
    return result
