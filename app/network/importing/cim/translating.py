"""Our records from a CIM model.

A connectivity node becomes a node: a busbar where a BusbarSection lies, a source where an EnergySource feeds in, a
distribution transformer where a transformer to low voltage (or a consumer) hangs, else a junction. A node between
one switch and one line alone is left out: the switch then stands at the line's end, as ours do.
"""

from __future__ import annotations

from typing import Any

from app.network.importing.cim.connections import CONSUMERS, LOW_KV, SOURCES, SWITCHES, Connections
from app.network.importing.cim.low_voltage import add_low_voltage
from app.network.importing.cim.parsing import Model, Thing
from app.network.importing.given import Finding, Given, GivenGrid

KIND = {
    "Breaker": "breaker",
    "Recloser": "breaker",
    "LoadBreakSwitch": "LBS",
    "Switch": "LBS",
    "Disconnector": "disconnector",
    "Fuse": "fuse",
}
PROTECTIVE = frozenset({"Breaker", "Recloser", "Fuse"})


def translate(model: Model, files: list[str]) -> tuple[GivenGrid, list[Finding]]:
    """Records and what could not be translated."""
    work = _Translation(model, files)
    work.run()
    return work.grid, work.findings


class _Translation:
    """The way from one to the other, step by step."""

    def __init__(self, model: Model, files: list[str]) -> None:
        self.model, self.grid, self.findings = model, GivenGrid("cim", files), []  # type: ignore[var-annotated]
        self.at = Connections(model)
        self.low = self._low_nodes()
        self.code_of: dict[str, str] = {}
        self.ended: dict[str, tuple[str, str]] = {}

    def run(self) -> None:
        self._substations()
        self._find_ends()
        self._nodes()
        self._lines()
        self._switches()
        self._power_transformers()
        add_low_voltage(self.grid, self.at, self.low, self._distribution())

    def _distribution(self) -> list[tuple[Thing, str]]:
        """Transformers to low voltage, with the connectivity node of their low side."""
        found = []
        for transformer in self.model.of("PowerTransformer"):
            windings = self.at.windings(transformer)
            if len(windings) == 1 or (windings and (windings[-1][0] or LOW_KV) < LOW_KV):
                found.append((transformer, windings[-1][1] if len(windings) > 1 else ""))
        return found

    def _low_nodes(self) -> set[str]:
        """All connectivity nodes that lines and switches join to a transformer's low side."""
        found = [low for _transformer, low in self._distribution() if low]
        seen = set(found)
        for node in found:
            for thing in self.at.touching.get(node, ()):
                if thing.cls in {"ACLineSegment", *SWITCHES}:
                    for other in self.at.nodes(thing):
                        if other not in seen:
                            seen.add(other)
                            found.append(other)
        return seen

    def _substations(self) -> None:
        for thing in self.model.of("Substation"):
            self._add("substation", thing, self._place(thing))

    def _find_ends(self) -> None:
        """Connectivity nodes that are nothing but the joint between a switch and the end of a line."""
        used: set[str] = set()
        for switch in self.model.of(*SWITCHES):
            for node in self.at.nodes(switch):
                touching = self.at.touching[node]
                others = [thing for thing in touching if thing.id != switch.id]
                line = others[0] if len(touching) == 2 and others else None
                if line is None or line.cls != "ACLineSegment" or switch.id in used or node in self.low:
                    continue
                used.add(switch.id)
                beyond = next((each for each in self.at.nodes(switch) if each != node), "")
                self.ended[node] = (line.code, beyond)

    def _nodes(self) -> None:
        hosts: dict[str, list[tuple[str, Thing]]] = {}
        for kind, classes in (("busbar", ("BusbarSection",)), ("source", SOURCES)):
            for thing in self.model.of(*classes):
                for node in self.at.nodes(thing)[:1]:
                    hosts.setdefault(node, []).append((kind, thing))
        for transformer, _low in self._distribution():
            hosts.setdefault(self.at.windings(transformer)[0][1], []).append(("distribution_transformer", transformer))
        for consumer in self.model.of(*CONSUMERS):
            for node in self.at.nodes(consumer)[:1]:
                if node not in self.low:
                    hosts.setdefault(node, []).append(("distribution_transformer", consumer))
        for joint in self.model.of("ConnectivityNode"):
            if joint.id not in self.low and joint.id not in self.ended:
                self._node(joint, hosts.get(joint.id, []))

    def _node(self, node: Thing, hosts: list[tuple[str, Thing]]) -> None:
        """The first host gives the node its kind and name; each further one hangs beside it on a joint."""
        order = {"busbar": 0, "source": 1, "distribution_transformer": 2}
        hosts = sorted(hosts, key=lambda host: order[host[0]])
        kind, thing = hosts[0] if hosts else ("junction", node)
        feeding = any(host == "source" for host, _ in hosts)
        kind = "source" if feeding and kind != "busbar" else kind
        self.code_of[node.id] = thing.code
        self._host(kind, thing, node, infeed=feeding)
        for further, other in hosts[1:]:
            if further == "distribution_transformer":
                self._host(further, other, node, infeed=False)
                ends = {"kind": "line", "from_code": thing.code, "to_code": other.code}
                self.grid.add(Given("branch", f"{other.code}-J"[:40], other.place, ends, name=other.name))

    def _host(self, kind: str, thing: Thing, node: Thing, *, infeed: bool) -> None:
        values: dict[str, Any] = {"kind": kind, "infeed": infeed, "voltage": self._voltage(thing, node)}
        if kind in {"busbar", "source"}:
            station = self.at.container(thing, "Substation") or self.at.container(node, "Substation")
            values["substation_code"] = station.code if station else ""
        if kind == "distribution_transformer":
            values["load"] = self._load(thing)
            values["capacity"] = self.at.rated(thing)
        where = self._place(thing)
        self._add("node", thing, values | (where or self._place(node)), name=thing.name or node.name)

    def _voltage(self, thing: Thing, node: Thing) -> float | None:
        if thing.cls == "PowerTransformer":
            return self.at.windings(thing)[0][0]
        return self.at.voltage(thing) or next(
            (found for each in self.at.touching.get(node.id, ()) if (found := self.at.voltage(each))), None
        )

    def _load(self, thing: Thing) -> str | None:
        """kW; CIM counts watts in 61968 and megawatts in 61970, where a load of 1000 MW on one transformer is none."""
        text = thing.text("EnergyConsumer.p") or thing.text("EnergyConsumer.pfixed")
        try:
            value = float(text)
        except ValueError:
            return text or None
        return f"{value / 1000:g}" if value > 1000 else f"{value * 1000:g}"

    def _lines(self) -> None:
        for line in self.model.of("ACLineSegment"):
            nodes = self.at.nodes(line)
            if any(node in self.low for node in nodes):
                continue
            ends = [self._end(node) for node in nodes] + [""] * (2 - len(nodes))
            metres = line.text("Conductor.length")
            values = {"kind": "line", "from_code": ends[0], "to_code": ends[1], "length": _kilometres(metres)}
            self._add("branch", line, values, phases=self.at.phases(line))

    def _switches(self) -> None:
        for switch in self.model.of(*SWITCHES):
            nodes = self.at.nodes(switch)
            if any(node in self.low for node in nodes):
                continue
            ends = [self.ended[node][0] if node in self.ended else self._code(node) for node in nodes]
            ends += [""] * (2 - len(ends))
            normally_open = switch.text("Switch.normalOpen").lower() == "true"
            phases = self.at.phases(switch)
            values: dict[str, Any] = {
                "kind": KIND[switch.cls],
                "from_code": ends[0],
                "to_code": ends[1],
                "normal": "" if normally_open else phases,
                "protective": switch.cls in PROTECTIVE,
            }
            feeder = self.at.container(switch, "Feeder")
            if feeder is not None:
                values |= {"feeder_code": feeder.code, "feeder_name": feeder.name}
            self._add("switch", switch, values | self._place(switch), phases=phases)

    def _power_transformers(self) -> None:
        distribution = {transformer.id for transformer, _low in self._distribution()}
        for transformer in self.model.of("PowerTransformer"):
            if transformer.id in distribution:
                continue
            nodes = [node for _voltage, node in self.at.windings(transformer)] + ["", ""]
            values = {"kind": "power_transformer", "from_code": self._code(nodes[0]), "to_code": self._code(nodes[1])}
            self._add("branch", transformer, values)

    def _end(self, node: str) -> str:
        """What a line's end meets: across a switch that stands there."""
        return self._code(self.ended[node][1]) if node in self.ended else self._code(node)

    def _code(self, node: str) -> str:
        """Our code of a connectivity node; what is unknown keeps its own, so that the check names it."""
        if node in self.ended:
            return self.ended[node][0]
        return self.code_of.get(node, node)

    def _place(self, thing: Thing) -> dict[str, Any]:
        position = self.at.position(thing)
        return {"lat": position[0], "lon": position[1]} if position else {}

    def _add(self, table: str, thing: Thing, values: dict[str, Any], *, name: str = "", phases: str = "ABC") -> None:
        record = Given(table, thing.code, thing.place, values, name=name or thing.name, phases=phases)
        record.name_en = thing.text("IdentifiedObject.aliasName")
        self.grid.add(record)


def _kilometres(metres: str) -> str | None:
    try:
        return f"{float(metres) / 1000:.6g}"
    except ValueError:
        return metres or None
