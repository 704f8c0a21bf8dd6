"""Random grids with random states of switches, against a plain search of the graph."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from app.network.grid.building import Builder
from app.network.grid.customers import Customers
from app.network.grid.model import Grid
from app.network.grid.supply import Supply
from app.network.grid.topology import Topology, mask

Changes = list[tuple[int, str]]


@dataclass(frozen=True)
class Drawn:
    """A grid as drawn: edges as (one, two, normal state or None without a switch), sources, phases of each vertex."""

    edges: list[tuple[int, int, str | None]]
    sources: list[int]
    phases: list[str]
    changes: Changes

    def topology(self) -> Topology:
        builder = Builder()
        for place, phases in enumerate(self.phases):
            kind = "source" if place in self.sources else "distribution_transformer" if place % 3 else "junction"
            builder.vertex(f"n{place}", kind, phases=phases, infeed=place in self.sources)
        for place, (one, two, normal) in enumerate(self.edges):
            if normal is not None:
                builder.switch(f"s{place}", "LBS", (f"n{one}", f"n{two}"), normal=normal, protective=place % 4 == 0)
        for place, (one, two, normal) in enumerate(self.edges):
            if normal is None:
                builder.join(f"e{place}", f"n{one}", f"n{two}")
        return builder.done()


@st.composite
def drawn(draw: st.DrawFn, *, single: bool = False, ties: int = 4) -> Drawn:
    """A tree hung on one to three sources, with ties between any of its nodes."""
    count = draw(st.integers(2, 24))
    sources = sorted(draw(st.sets(st.integers(0, min(3, count - 1)), min_size=1, max_size=3)))
    letters = st.sampled_from(["ABC", "ABC", "A", "BC"]) if single else st.just("ABC")
    states = st.sampled_from(["ABC", "ABC", "", "AB"] if single else ["ABC", "ABC", "ABC", ""])
    edges: list[tuple[int, int, str | None]] = []
    joined: set[tuple[int, int]] = set()
    for node in range(1, count):
        if node not in sources:
            above = draw(st.integers(0, node - 1))
            joined.add((above, node))
            edges.append((above, node, draw(st.one_of(st.none(), st.just("ABC")))))
    for _ in range(draw(st.integers(0, ties))):
        one, two = sorted((draw(st.integers(0, count - 1)), draw(st.integers(0, count - 1))))
        if one != two and (one, two) not in joined:
            joined.add((one, two))
            edges.append((one, two, draw(st.sampled_from(["", "", "ABC"]))))
    switches = sum(normal is not None for _, _, normal in edges)
    change = st.tuples(st.integers(0, max(0, switches - 1)), states)
    changes = draw(st.lists(change, max_size=8)) if switches else []
    return Drawn(edges, sources, [draw(letters) for _ in range(count)], changes)


def reached(grid: Topology, stands: list[int], without: int = -1) -> list[int]:
    """The energised phases of each vertex, phase by phase."""
    live = [0] * len(grid.codes)
    for bit in (1, 2, 4):
        todo = deque(source for source in grid.sources if grid.own[source] & bit)
        seen = set(todo)
        while todo:
            vertex = todo.popleft()
            live[vertex] |= bit
            for edge in range(len(grid.one)):
                switch = grid.switch_at[edge]
                closed = switch < 0 or stands[switch] & bit
                if vertex not in (grid.one[edge], grid.two[edge]) or not closed or edge == without:
                    continue
                other = grid.two[edge] if grid.one[edge] == vertex else grid.one[edge]
                if other not in seen and grid.own[other] & bit:
                    seen.add(other)
                    todo.append(other)
    return live


def stood(drawing: Drawn, grid: Topology) -> list[int]:
    """The closed phases of every switch after all changes."""
    stands = [facts.normal for facts in grid.switches]
    for place, phases in drawing.changes:
        stands[place] = mask(phases)
    return stands


def stepwise(drawing: Drawn, grid: Topology) -> Supply:
    """The changes one after the other."""
    supply = Supply.normal(grid)
    for version, (place, phases) in enumerate(drawing.changes, 1):
        supply = supply.changed({place: (mask(phases), version)})
    return supply


@given(drawn(single=True))
@settings(max_examples=60, deadline=None)
def test_a_vertex_is_energised_where_a_search_from_the_sources_comes(drawing: Drawn) -> None:
    grid = drawing.topology()
    supply = stepwise(drawing, grid)
    assert list(supply.live) == reached(grid, stood(drawing, grid))


@given(drawn())
@settings(max_examples=60, deadline=None)
def test_changes_one_by_one_end_where_a_trace_of_the_whole_does(drawing: Drawn) -> None:
    grid = drawing.topology()
    supply = stepwise(drawing, grid)
    states = {}
    for version, (place, phases) in enumerate(drawing.changes, 1):
        if supply.since[place] == version or mask(phases) == supply.stands[place]:
            states[place] = (mask(phases), supply.since[place])
    whole = Supply.traced(grid, states)
    assert whole.live == supply.live
    assert whole.loops == supply.loops
    assert whole.parent == supply.parent


@given(drawn())
@settings(max_examples=60, deadline=None)
def test_there_are_as_many_loops_as_edges_too_many(drawing: Drawn) -> None:
    grid = drawing.topology()
    supply = stepwise(drawing, grid)
    live = [vertex for vertex, phases in enumerate(supply.live) if phases]
    closed = [edge for edge in range(len(grid.one)) if supply.carries[edge] and supply.live[grid.one[edge]]]
    fed = [source for source in grid.sources if supply.live[source]]
    assert len(supply.loops) == len(closed) - len(live) + len(fed)
    here = Grid(grid, supply, Customers.none(len(grid.codes)))
    for loop in here.loops():
        assert 1 <= len(loop.sources) <= 2


@given(drawn(ties=2))
@settings(max_examples=60, deadline=None)
def test_below_a_switch_is_what_goes_dead_when_it_opens(drawing: Drawn) -> None:
    grid = drawing.topology()
    supply = stepwise(drawing, grid)
    if supply.loops:
        return
    here = Grid(grid, supply, Customers.none(len(grid.codes)))
    stands = stood(drawing, grid)
    for place, facts in enumerate(grid.switches):
        if not supply.stands[place] or not supply.live[grid.one[facts.edge]]:
            continue
        without = reached(grid, stands, facts.edge)
        dead = {grid.codes[v] for v, phases in enumerate(supply.live) if phases and not without[v]}
        under = set(here.transformers_under(facts.code))
        assert under == {code for code in dead if grid.kinds[grid.places[code]] == 3}
        opened = here.switched({facts.code: ("", 99)})
        assert not any(opened.energised(code) for code in dead)
        assert {opened.open_above(code) for code in dead if facts.normal} <= {facts.code}
        assert set(opened.transformers_under(facts.code)) == (under if facts.normal else set())
        for code in under:
            assert facts.code in here.upstream(code)
        nearest = here.children(facts.code)
        below = {code for child in nearest for code in here.transformers_under(child)}
        assert below == under


@given(drawn(ties=3))
@settings(max_examples=60, deadline=None)
def test_every_dead_vertex_knows_the_switch_that_took_its_supply(drawing: Drawn) -> None:
    grid = drawing.topology()
    normal, supply = Supply.normal(grid), stepwise(drawing, grid)
    here = Grid(grid, supply, Customers.none(len(grid.codes)))
    for vertex, phases in enumerate(supply.live):
        code = grid.codes[vertex]
        above = here.open_above(code)
        if phases:
            assert above is None
        elif normal.live[vertex]:
            assert above in here.open_switches()
            closed_again = here.switched({switch: ("ABC", 99) for switch in here.open_switches()})
            assert closed_again.energised(code)
