"""How the parts of the demo grid are called: numbered along their feeder, as on the plates of cabinets and poles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.customers.fictive.words import words
from app.network.grid.supply import Supply
from app.network.grid.topology import TRANSFORMER, Topology
from app.network.importing.given import Given


@dataclass(frozen=True, slots=True)
class Spot:
    """A node's feeder (its place) and its number along it."""

    feeder: int
    number: int


def numbered(grid: Topology) -> dict[str, Spot]:
    """Every node of a feeder with its number, counted from the breaker outwards."""
    supply = Supply.normal(grid)
    counts = [0] * len(grid.feeders)
    spots: dict[str, Spot] = {}
    nodes = {place for place, kind in enumerate(grid.kinds) if kind <= TRANSFORMER}
    for vertex in supply.below(grid.sources):
        feeder = grid.feeder[vertex]
        if feeder >= 0 and vertex in nodes:
            counts[feeder] += 1
            spots[grid.codes[vertex]] = Spot(feeder, counts[feeder])
    return spots


class Names:
    """Names of nodes, lines and switches. `short` is a feeder's name without its voltage, by place."""

    def __init__(self, spots: dict[str, Spot], short: list[tuple[str, str]], areas: list[str]) -> None:
        self._spots, self._short, self._areas = spots, short, areas
        self._places = [_places(area) for area in areas]

    def node(self, code: str, *, transformer: bool) -> tuple[str, str]:
        """A transformer is called after its quarter, a junction after its feeder."""
        spot = self._spots.get(code)
        if spot is None:
            return "", ""
        zh, en = self._short[spot.feeder]
        if not transformer:
            return f"{zh}{spot.number:02d}号分支箱", f"{en} cabinet {spot.number:02d}"
        quarter, number = self._quarter(spot)
        return f"{quarter}{number}号公变", f"{en} transformer {spot.number:02d}"

    def line(self, branch: Given) -> tuple[str, str]:
        """`风雷一线07–08号段`."""
        ends = [self._spots.get(branch.get(name)) for name in ("from_code", "to_code")]
        known = [end for end in ends if end]
        if not known:
            return "", ""
        if len(known) == 1:
            zh, en = self._short[known[0].feeder]
            return f"{zh}出线段", f"{en} first section"
        if known[0].feeder != known[1].feeder:
            (zh, en), (other, other_en) = (self._short[end.feeder] for end in known)
            return (
                f"{zh}{known[0].number:02d}号—{other}{known[1].number:02d}号联络段",
                f"Tie {en} {known[0].number:02d} – {other_en} {known[1].number:02d}",
            )
        low, high = sorted(end.number for end in known)
        zh, en = self._short[known[0].feeder]
        return f"{zh}{low:02d}–{high:02d}号段", f"{en} section {low:02d}–{high:02d}"

    def switch(self, switch: Given, branch: Given) -> tuple[str, str]:
        """`风雷一线07号柜至08号柜开关`: where it stands and where it leads."""
        here = self._spots.get(switch.get("from_code"))
        ends = (branch.get("from_code"), branch.get("to_code"))
        beyond = self._spots.get(next(end for end in ends if end != switch.get("from_code")))
        if here is None:
            if beyond is None:
                return "", ""
            zh, en = self._short[beyond.feeder]
            return f"{zh}出线断路器", f"{en} feeder breaker"
        zh, en = self._short[here.feeder]
        place, place_en = f"{zh}{here.number:02d}号柜", f"{en} cabinet {here.number:02d}"
        if beyond is None:
            return f"{place}进线开关", f"{place_en} incoming switch"
        if branch.get("tie"):
            return f"{place}联络开关", f"{place_en} tie switch"
        sort, sort_en = switch.get("called") or ("开关", "switch")
        return f"{place}至{beyond.number:02d}号柜{sort}", f"{place_en} {sort_en} to {beyond.number:02d}"

    def _quarter(self, spot: Spot) -> tuple[str, int]:
        """The quarter of a transformer and its number there: three to a quarter."""
        names = self._places[spot.feeder]
        place = (spot.number - 1) // 3
        return names[place % len(names)], (spot.number - 1) % 3 + 1 + 3 * (place // len(names))


def _places(area: str) -> list[str]:
    content = words()
    if area != "urban":
        return [f"{village}村" for village in content["villages"]]
    lasts = content["community_last"]
    return [first + lasts[place % len(lasts)] for place, first in enumerate(content["community_first"])]


def sections(grid: Topology, share_at_least: float, share_at_most: float) -> Iterator[str]:
    """The code of the switch that divides each feeder's main line, where there is one."""
    supply = Supply.normal(grid)
    count, totals = _transformers_below(grid, supply), _totals(grid)
    for feeder, total in enumerate(totals):
        hung: dict[str, int] = {}
        for facts in grid.switches:
            for end in (grid.one[facts.edge], grid.two[facts.edge]):
                if supply.parent[end] == facts.edge and grid.feeder[end] == feeder:
                    hung[facts.code] = count[end]
        fits = [code for code, below in hung.items() if total * share_at_least <= below <= total * share_at_most]
        if fits:
            yield max(fits, key=lambda code: hung[code])


def laterals(grid: Topology, at_least: int, share_at_most: float) -> Iterator[str]:
    """The codes of switches where a lateral leaves a feeder's main line."""
    supply = Supply.normal(grid)
    count, totals = _transformers_below(grid, supply), _totals(grid)
    for vertex in range(len(grid.codes)):
        below = [edge for edge in grid.edges(vertex) if supply.parent[grid.cross[edge] ^ vertex] == edge]
        if len(below) < 2 or grid.feeder[vertex] < 0:
            continue
        main = max(below, key=lambda edge: count[grid.cross[edge] ^ vertex])
        for edge in below:
            hung, switch = count[grid.cross[edge] ^ vertex], grid.switch_at[edge]
            small = hung <= totals[grid.feeder[vertex]] * share_at_most
            if edge != main and switch >= 0 and hung >= at_least and small:
                yield grid.switches[switch].code


def _totals(grid: Topology) -> list[int]:
    """How many transformers each feeder has."""
    totals = [0] * len(grid.feeders)
    for vertex, feeder in enumerate(grid.feeder):
        if feeder >= 0 and grid.kinds[vertex] == TRANSFORMER:
            totals[feeder] += 1
    return totals


def _transformers_below(grid: Topology, supply: Supply) -> list[int]:
    count = [int(kind == TRANSFORMER) for kind in grid.kinds]
    for vertex in reversed(supply.below(grid.sources)):
        edge = supply.parent[vertex]
        if edge >= 0:
            count[grid.cross[edge] ^ vertex] += count[vertex]
    return count
