"""What operating a switch would do to supply, told before it is recorded. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.network.grid.model import Grid
from app.network.grid.topology import TRANSFORMER
from app.network.queries.devices import Line, line

NAMED = 12


@dataclass(frozen=True, slots=True)
class Effect:
    """Transformers and customers that would lose supply or get it; the first are named. `ring`: a loop would close."""

    transformers: int
    customers: int
    named: tuple[Line, ...]
    ring: bool


def effect_of(here: Grid, code: str, phases: str, paths: Sequence[str]) -> Effect:
    """What would be dead (or live) that is not, with the closed phases of a switch as given (`ABC`, empty: open)."""
    after = here.switched({code: (phases, 2**40)})
    grid = here.topology
    was, comes = (np.frombuffer(one.supply.live, dtype=np.uint8) for one in (here, after))
    turned = np.flatnonzero((was == 0) != (comes == 0)).tolist()
    transformers = [vertex for vertex in turned if grid.kinds[vertex] == TRANSFORMER]
    named = tuple(line(here, grid.codes[vertex], paths) for vertex in transformers[:NAMED])
    ring = len(after.supply.loops) > len(here.supply.loops)
    return Effect(len(transformers), here.placed.count(turned), named, ring)
