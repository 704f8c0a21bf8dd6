"""Which customer hangs where: a million of them in a few compact arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Customers:
    """`ids` rise; `at[i]` is the vertex of customer `ids[i]` (-1 where the grid does not know its place), `zone[i]` the
    place of its address zone in `zones`. `held[start[v]:start[v + 1]]` are the customers of vertex v.
    """

    ids: NDArray[np.int64]
    at: NDArray[np.int32]
    zone: NDArray[np.int32]
    zones: Sequence[str]
    held: NDArray[np.int64]
    start: NDArray[np.int64]

    @classmethod
    def made(
        cls, ids: NDArray[np.int64], at: NDArray[np.int32], zone: NDArray[np.int32], zones: Sequence[str], vertices: int
    ) -> Customers:
        """Sort them by id and by vertex."""
        order = np.argsort(ids, kind="stable")
        ids, at, zone = ids[order], at[order], zone[order]
        by_vertex = np.argsort(at, kind="stable")
        start = np.searchsorted(at[by_vertex], np.arange(vertices + 1))
        return cls(ids, at, zone, zones, ids[by_vertex], start)

    @classmethod
    def none(cls, vertices: int) -> Customers:
        """A grid without customers."""
        nobody = np.empty(0, dtype=np.int32)
        return cls.made(np.empty(0, dtype=np.int64), nobody, nobody, (), vertices)

    def place(self, customer_id: int) -> int | None:
        """Where in the arrays a customer stands."""
        place = int(np.searchsorted(self.ids, customer_id))
        return place if place < len(self.ids) and self.ids[place] == customer_id else None

    def vertex(self, customer_id: int) -> int:
        """The vertex of a customer, -1 where it has none."""
        place = self.place(customer_id)
        return NOWHERE if place is None else int(self.at[place])

    def count(self, vertices: Sequence[int]) -> int:
        """How many customers hang directly on these vertices."""
        if len(vertices) < 8:
            return int(sum(self.start[vertex + 1] - self.start[vertex] for vertex in vertices))
        chosen = np.asarray(vertices, dtype=np.int64)
        return int((self.start[chosen + 1] - self.start[chosen]).sum())

    def of(self, vertices: Sequence[int]) -> NDArray[np.int64]:
        """The ids of the customers of these vertices, rising."""
        parts = [self.held[self.start[vertex] : self.start[vertex + 1]] for vertex in vertices]
        return np.sort(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)

    @property
    def unplaced(self) -> NDArray[np.int64]:
        """The ids of customers whose place the grid does not know."""
        found: NDArray[np.int64] = self.ids[self.at == NOWHERE]
        return found

    def replaced(
        self, ids: NDArray[np.int64], at: NDArray[np.int32], zone: Sequence[str], gone: NDArray[np.int64], vertices: int
    ) -> Customers:
        """With these customers as given and those `gone` left out."""
        stay = ~np.isin(self.ids, np.concatenate([ids, gone]))
        zones = list(self.zones)
        known = {name: place for place, name in enumerate(zones)}
        for name in zone:
            if name not in known:
                known[name] = len(zones)
                zones.append(name)
        new_zone = np.asarray([known[name] for name in zone], dtype=np.int32)
        return Customers.made(
            np.concatenate([self.ids[stay], ids]),
            np.concatenate([self.at[stay], at]),
            np.concatenate([self.zone[stay], new_zone]),
            zones,
            vertices,
        )
