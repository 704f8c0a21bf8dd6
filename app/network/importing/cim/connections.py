"""What a CIM model says of places and connections: terminals, voltages, containers, positions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from app.network.grid.topology import LETTERS
from app.network.importing.cim.parsing import Model, Thing

LOW_KV = 1.0
"""Below this a voltage is low."""

VOLTS = 1200.0
"""No grid has more kilovolts: a model that does gives volts."""

SWITCHES = ("Breaker", "Recloser", "LoadBreakSwitch", "Switch", "Disconnector", "Fuse")
CONSUMERS = ("EnergyConsumer", "ConformLoad", "NonConformLoad")
SOURCES = ("EnergySource", "ExternalNetworkInjection")
ENDS = ("PowerTransformerEnd", "TransformerEnd")


@dataclass(frozen=True, slots=True)
class End:
    """A terminal: the connectivity node it touches, and its phases."""

    terminal: str
    node: str
    phases: str


class Connections:
    """Look-ups over a model, made once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.ends: dict[str, list[End]] = defaultdict(list)
        self.touching: dict[str, list[Thing]] = defaultdict(list)
        self._terminals()
        bases = model.of("BaseVoltage")
        self._in_volts = any(_number(base.text("BaseVoltage.nominalVoltage")) > VOLTS for base in bases)
        self._rated_in_volts = any(_number(end.text("PowerTransformerEnd.ratedU")) > VOLTS for end in model.of(*ENDS))
        self._positions = self._read_positions()
        self._windings: dict[str, list[Thing]] = defaultdict(list)
        for end in model.of(*ENDS):
            self._windings[end.ref("PowerTransformerEnd.PowerTransformer")].append(end)

    def _terminals(self) -> None:
        def order(terminal: Thing) -> tuple[int, str]:
            number = terminal.text("ACDCTerminal.sequenceNumber") or terminal.text("Terminal.sequenceNumber") or "0"
            return (int(number) if number.isdigit() else 0, terminal.id)

        for terminal in sorted(self.model.of("Terminal"), key=order):
            equipment = terminal.ref("Terminal.ConductingEquipment")
            node = terminal.ref("Terminal.ConnectivityNode")
            phases = terminal.ref("Terminal.phases").rpartition(".")[2] or terminal.text("Terminal.phases")
            self.ends[equipment].append(End(terminal.id, node, "".join(c for c in LETTERS if c in phases) or "ABC"))
            thing = self.model.get(equipment)
            if thing is not None:
                self.touching[node].append(thing)

    def nodes(self, thing: Thing) -> list[str]:
        """The connectivity nodes of an equipment, in the order of its terminals."""
        return [end.node for end in self.ends.get(thing.id, ())]

    def phases(self, thing: Thing) -> str:
        ends = self.ends.get(thing.id, ())
        return ends[0].phases if ends else "ABC"

    def windings(self, transformer: Thing) -> list[tuple[float | None, str]]:
        """Rated voltage (kV) and connectivity node of each winding, the highest first."""
        by_terminal = {end.terminal: end.node for end in self.ends.get(transformer.id, ())}
        found = []
        for place, end in enumerate(self._windings.get(transformer.id, ())):
            node = by_terminal.get(end.ref("TransformerEnd.Terminal"), "")
            if not node:
                nodes = self.nodes(transformer)
                node = nodes[place] if place < len(nodes) else ""
            found.append((self._rated(end), node))
        if not found:
            found = [(None, node) for node in self.nodes(transformer)]
        return sorted(found, key=lambda pair: -(pair[0] or 0.0))

    def rated(self, transformer: Thing) -> str | None:
        """Rated power in kVA: CIM counts volt-amperes, older profiles megavolt-amperes."""
        texts = (end.text("PowerTransformerEnd.ratedS") for end in self._windings.get(transformer.id, ()))
        value = max((_number(text) for text in texts), default=0.0)
        return f"{value / 1000 if value > VOLTS else value * 1000:g}" if value else None

    def voltage(self, thing: Thing) -> float | None:
        """The nominal voltage in kV, by the base voltage of the thing or its voltage level."""
        base = self.model.get(thing.ref("ConductingEquipment.BaseVoltage"))
        if base is None:
            level = self.container(thing, "VoltageLevel")
            base = self.model.get(level.ref("VoltageLevel.BaseVoltage")) if level else None
        value = _number(base.text("BaseVoltage.nominalVoltage")) if base else 0.0
        return (value / 1000 if self._in_volts else value) or None

    def container(self, thing: Thing, cls: str) -> Thing | None:
        """The nearest container of a class around a thing."""
        seen = 0
        current: Thing | None = thing
        while current is not None and seen < 8:
            if current.cls == cls and current is not thing:
                return current
            current, seen = self.model.get(_around(current)), seen + 1
        return None

    def position(self, thing: Thing) -> tuple[str, str] | None:
        """Latitude and longitude as given."""
        return self._positions.get(thing.ref("PowerSystemResource.Location"))

    def _rated(self, end: Thing) -> float | None:
        value = _number(end.text("PowerTransformerEnd.ratedU"))
        if value:
            return value / 1000 if self._rated_in_volts else value
        base = self.model.get(end.ref("TransformerEnd.BaseVoltage"))
        value = _number(base.text("BaseVoltage.nominalVoltage")) if base else 0.0
        return (value / 1000 if self._in_volts else value) or None

    def _read_positions(self) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[int, tuple[str, str]]] = {}
        for point in self.model.of("PositionPoint"):
            number = point.text("PositionPoint.sequenceNumber") or "1"
            order = int(number) if number.isdigit() else 1
            where, place = (
                point.ref("PositionPoint.Location"),
                (
                    point.text("PositionPoint.yPosition"),
                    point.text("PositionPoint.xPosition"),
                ),
            )
            if where not in found or order < found[where][0]:
                found[where] = (order, place)
        return {where: place for where, (_order, place) in found.items()}


def _around(thing: Thing) -> str:
    for name in ("Equipment.EquipmentContainer", "ConnectivityNode.ConnectivityNodeContainer"):
        if thing.ref(name):
            return thing.ref(name)
    return thing.ref("Bay.VoltageLevel") or thing.ref("VoltageLevel.Substation")


def _number(text: str) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
