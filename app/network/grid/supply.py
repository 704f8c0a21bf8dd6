"""Who is supplied from where as switches stand: the energised phases of every vertex and a forest of supply.

The forest says through which edge a vertex is supplied (`parent`), for what is dead: through which it was
supplied before a switch was opened. A switch change re-traces only what hangs below it; where a loop is
closed or undone, the connected part it lies in. Two processes that read the same states get the same forest.
"""

from __future__ import annotations

import heapq
from array import array
from collections import deque
from collections.abc import Iterable, Mapping

import numpy as np

from app.network.grid.topology import SwitchFacts, Topology


class Supply:
    """One state of all switches, traced. Never changed after it was given out: `changed` makes another one.

    `live` are energised phases; `parent` the edge of supply or -1; `more` the edges that bring a vertex further
    phases; `loops` closed edges that supply nothing because both ends are supplied otherwise; `stands` the closed
    phases of each switch and `since` the version in which each was last operated.
    """

    __slots__ = ("carries", "grid", "live", "loops", "more", "parent", "since", "stands")

    def __init__(self, grid: Topology, stands: bytearray, since: array[int]) -> None:
        self.grid, self.stands, self.since = grid, stands, since
        count = len(grid.codes)
        self.live = bytearray(count)
        self.parent = array("i", [-1]) * count
        self.more: dict[int, tuple[int, ...]] = {}
        self.loops: set[int] = set()
        self.carries = bytearray(grid.direct(edge) for edge in range(len(grid.one)))
        for place, facts in enumerate(grid.switches):
            self.carries[facts.edge] &= stands[place]

    @classmethod
    def normal(cls, grid: Topology) -> Supply:
        """As all switches normally stand."""
        return cls.traced(grid, {})

    @classmethod
    def traced(cls, grid: Topology, states: Mapping[int, tuple[int, int]]) -> Supply:
        """With these switches (by place) at (closed phases, version of the change), the others as normally."""
        stands = bytearray(facts.normal for facts in grid.switches)
        since = array("q", bytes(8 * len(grid.switches)))
        for place, (phases, version) in states.items():
            stands[place], since[place] = phases, version
        made = cls(grid, stands, since)
        made._flood(made._feed(grid.sources))
        opened, partly = made._opened()
        made._shadow(made._dead(), opened, partly=partly)
        return made

    def changed(self, states: Mapping[int, tuple[int, int]]) -> Supply:
        """Another supply, with these switches as given."""
        made = self._copy()
        for place, (phases, version) in states.items():
            made._set(place, phases, version)
        opened, partly = made._opened()
        turned = (np.frombuffer(self.live, dtype=np.uint8) == 0) != (np.frombuffer(made.live, dtype=np.uint8) == 0)
        edges = [self.grid.switches[place].edge for place in states]
        ends = [end for edge in edges for end in (self.grid.one[edge], self.grid.two[edge])]
        made._shadow(made._dead_beside([*ends, *np.flatnonzero(turned).tolist()], opened), opened, partly=partly)
        return made

    def is_supply(self, edge: int, vertex: int) -> bool:
        """Whether the vertex is supplied through this edge, in any phase."""
        return self.parent[vertex] == edge or edge in self.more.get(vertex, ())

    def below(self, tops: Iterable[int], since: int = 0) -> list[int]:
        """These vertices and all that are supplied through them; of dead ones, all that were.

        Switches opened before the version `since` had taken away what hangs below them already.
        """
        grid, parent, live = self.grid, self.parent, self.live
        cut = {facts.edge for place, facts in self._open_before(since)} if since else ()
        found = list(dict.fromkeys(tops))
        for vertex in found:
            for edge in grid.around[grid.start[vertex] : grid.start[vertex + 1]]:
                other = grid.cross[edge] ^ vertex
                if parent[other] == edge and (live[other] or not live[vertex]) and edge not in cut:
                    found.append(other)
        return found

    def _open_before(self, since: int) -> Iterable[tuple[int, SwitchFacts]]:
        stands = np.frombuffer(self.stands, dtype=np.uint8)
        fewer = np.frombuffer(self.grid.normals, dtype=np.uint8) & ~stands
        earlier = np.frombuffer(self.since, dtype=np.int64) < since
        return ((place, self.grid.switches[place]) for place in np.flatnonzero((fewer != 0) & earlier).tolist())

    def _copy(self) -> Supply:
        made = object.__new__(Supply)
        made.grid = self.grid
        made.stands, made.since = self.stands[:], self.since[:]
        made.live, made.parent, made.carries = self.live[:], self.parent[:], self.carries[:]
        made.more, made.loops = dict(self.more), set(self.loops)
        return made

    def _set(self, place: int, phases: int, version: int) -> None:
        grid, edge = self.grid, self.grid.switches[place].edge
        before = self.carries[edge]
        self.stands[place], self.since[place] = phases, version
        self.carries[edge] = after = grid.direct(edge) & phases
        if before == after:
            return
        one, two = grid.one[edge], grid.two[edge]
        closes_loop = bool(after & ~before and self.live[one] & self.live[two])
        if self.loops or closes_loop:
            self._again(self._connected((one, two)))
            return
        if before & ~after:
            below = [end for end in (one, two) if self.live[end] and self.is_supply(edge, end)]
            self._again(self._depending(below))
        self._flood(deque(end for end in (one, two) if self.live[end]))

    def _again(self, part: list[int]) -> None:
        """Trace these vertices anew from what supplies them."""
        grid, inside = self.grid, set(part)
        for vertex in part:
            self.live[vertex], self.parent[vertex] = 0, -1
            self.more.pop(vertex, None)
        if self.loops:
            self.loops = {edge for edge in self.loops if grid.one[edge] not in inside and grid.two[edge] not in inside}
        seeds = self._feed(source for source in grid.sources if source in inside)
        border: dict[int, None] = {}
        for vertex in part:
            for edge in grid.edges(vertex):
                other = grid.cross[edge] ^ vertex
                if other not in inside and self.live[other]:
                    border[other] = None
        seeds.extend(border)
        self._flood(seeds)

    def _feed(self, sources: Iterable[int]) -> deque[int]:
        seeds = deque(sources)
        for vertex in seeds:
            self.live[vertex] = self.grid.own[vertex]
        return seeds

    def _flood(self, todo: deque[int]) -> None:
        """Spread energised phases from these vertices."""
        grid, live, parent, carries = self.grid, self.live, self.parent, self.carries
        start, around, cross = grid.start, grid.around, grid.cross
        while todo:
            vertex = todo.popleft()
            have, came = live[vertex], parent[vertex]
            for edge in around[start[vertex] : start[vertex + 1]]:
                offered = have & carries[edge]
                if not offered:
                    continue
                other = cross[edge] ^ vertex
                had = live[other]
                if (
                    edge != came
                    and offered & had
                    and not self.is_supply(edge, other)
                    and not self.is_supply(edge, vertex)
                ):
                    self.loops.add(edge)
                if offered & ~had:
                    if not had:
                        parent[other] = edge
                    elif not self.is_supply(edge, other):
                        self.more[other] = (*self.more.get(other, ()), edge)
                    live[other] = had | offered
                    todo.append(other)

    def _between(self, edge: int, one: int, two: int) -> bool:
        """Whether one of the two supplies the other through this edge."""
        return self.is_supply(edge, one) or self.is_supply(edge, two)

    def _depending(self, tops: Iterable[int]) -> list[int]:
        """These vertices and all that get any phase through them."""
        grid, found, seen = self.grid, list(tops), set(tops)
        for vertex in found:
            for edge in grid.edges(vertex):
                other = grid.cross[edge] ^ vertex
                if other not in seen and self.live[other] and self.is_supply(edge, other):
                    seen.add(other)
                    found.append(other)
        return found

    def _connected(self, tops: Iterable[int]) -> list[int]:
        """All vertices that closed edges join to these."""
        grid, carries = self.grid, self.carries
        found, seen = list(tops), set(tops)
        for vertex in found:
            for edge in grid.edges(vertex):
                other = grid.cross[edge] ^ vertex
                if carries[edge] and other not in seen:
                    seen.add(other)
                    found.append(other)
        return found

    def _shadow(self, dead: list[int], opened: Mapping[int, int], *, partly: bool) -> None:
        """Give dead vertices their former way: across switches that are open but normally closed, the latest first."""
        grid, parent = self.grid, self.parent
        for vertex in dead:
            parent[vertex] = -1
        reached: set[int] = set()
        if partly:
            self._shadow_beside(dead, reached)
        heap: list[tuple[int, int]] = []
        for vertex in dead:
            for edge in grid.edges(vertex):
                if edge in opened and self.live[grid.cross[edge] ^ vertex]:
                    heapq.heappush(heap, (-opened[edge], edge))
        while heap:
            _, edge = heapq.heappop(heap)
            for top in (grid.one[edge], grid.two[edge]):
                if not self.live[top] and top not in reached:
                    parent[top] = edge
                    self._spread_shadow(top, reached, opened, heap)

    def _dead(self) -> list[int]:
        """All vertices without voltage."""
        found: list[int] = np.flatnonzero(np.frombuffer(self.live, dtype=np.uint8) == 0).tolist()
        return found

    def _dead_beside(self, tops: list[int], opened: Mapping[int, int]) -> list[int]:
        """The dead vertices whose former way may be another since something changed at these."""
        grid, found, seen = self.grid, list(dict.fromkeys(tops)), set(tops)
        for vertex in found:
            for edge in grid.edges(vertex):
                other = grid.cross[edge] ^ vertex
                if other not in seen and not self.live[other] and (self.carries[edge] or edge in opened):
                    seen.add(other)
                    found.append(other)
        return [vertex for vertex in found if not self.live[vertex]]

    def _opened(self) -> tuple[dict[int, int], bool]:
        """Edges of switches that are open but normally closed, with the version; whether one is open in some phases."""
        normals = np.frombuffer(self.grid.normals, dtype=np.uint8)
        stands = np.frombuffer(self.stands, dtype=np.uint8)
        fewer = normals & ~stands
        places = np.flatnonzero((fewer != 0) & (stands == 0)).tolist()
        partly = bool(np.any((fewer != 0) & (stands != 0)))
        return {self.grid.switches[place].edge: self.since[place] for place in places}, partly

    def _shadow_beside(self, dead: list[int], reached: set[int]) -> None:
        """What is dead in its one phase hangs on what is live in others."""
        grid = self.grid
        for vertex in dead:
            for edge in grid.edges(vertex):
                if vertex not in reached and self.carries[edge] and self.live[grid.cross[edge] ^ vertex]:
                    self.parent[vertex] = edge
                    self._spread_shadow(vertex, reached, {}, [])

    def _spread_shadow(
        self, top: int, reached: set[int], opened: Mapping[int, int], heap: list[tuple[int, int]]
    ) -> None:
        grid, parent, carries = self.grid, self.parent, self.carries
        reached.add(top)
        todo = [top]
        for vertex in todo:
            for edge in grid.edges(vertex):
                other = grid.cross[edge] ^ vertex
                if self.live[other] or other in reached:
                    continue
                if carries[edge]:
                    parent[other] = edge
                    reached.add(other)
                    todo.append(other)
                elif edge in opened:
                    heapq.heappush(heap, (-opened[edge], edge))
