"""CIM RDF/XML (the classes of IEC 61970-301 and 61968-11 that `importing.cim` reads), streamed.

A switch at the end of a line gets a connectivity node of its own between itself and the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from lxml import etree

from app.network.importing.given import Given, GivenGrid

CIM = "http://iec.ch/TC57/CIM100#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
CLASS = {
    "CB": "Breaker",
    "breaker": "Breaker",
    "LBS": "LoadBreakSwitch",
    "disconnector": "Disconnector",
    "fuse": "Fuse",
}


def write_cim(grid: GivenGrid, stream: BinaryIO) -> None:
    """Write the grid as it is in the records."""
    with etree.xmlfile(stream, encoding="utf-8") as out:
        out.write_declaration()
        with out.element(f"{{{RDF}}}RDF", nsmap={"rdf": RDF, "cim": CIM}):
            _Writer(out, grid).all()


class _Writer:
    """Writes object by object; `_joints` counts the terminals of equipment."""

    def __init__(self, out: Any, grid: GivenGrid) -> None:
        self._out, self._grid = out, grid
        self._voltages: dict[float, str] = {}
        self._branches = {record.code for record in grid.of("branch")}
        self._joint: dict[tuple[str, str], str] = {}
        self._feeder = {record.get("breaker_code"): record for record in grid.of("feeder")}
        self._level: set[tuple[str, float]] = set()

    def all(self) -> None:
        for record in self._grid.of("substation"):
            self._plain("Substation", record)
        for record in self._grid.of("feeder"):
            self._plain("Feeder", record, refs={"Feeder.NormalEnergizingSubstation": record.get("substation_code")})
        self._joints()
        for record in self._grid.of("node"):
            self._node(record)
        for record in self._grid.of("branch"):
            self._branch(record)
        for record in self._grid.of("switch"):
            self._switch(record)
        for record in self._grid.of("lv_branch"):
            self._lv_branch(record)
        for record in self._grid.of("meter_box"):
            self._meter_box(record)
        for record in self._grid.of("customer"):
            self._customer(record)

    def _joints(self) -> None:
        """A connectivity node for every switch at the end of a line."""
        for record in self._grid.of("switch"):
            for end, other in (("from_code", "to_code"), ("to_code", "from_code")):
                if record.get(end) in self._branches:
                    joint = f"{record.code}-joint"
                    self._joint[record.get(end), record.get(other)] = joint
                    self._joint[record.code, record.get(end)] = joint
                    self._object("ConnectivityNode", joint)

    def _node(self, record: Given) -> None:
        kind, at = record.get("kind"), f"{record.code}-cn"
        refs = (
            {"ConnectivityNode.ConnectivityNodeContainer": self._container(record)}
            if kind in {"busbar", "source"}
            else {}
        )
        own = {} if kind != "junction" else {"IdentifiedObject.mRID": record.code, "IdentifiedObject.name": record.name}
        self._object("ConnectivityNode", at, texts=own, refs=refs)
        if kind == "busbar":
            refs = {"Equipment.EquipmentContainer": self._container(record), **self._base(record)}
            self._plain("BusbarSection", record, refs=refs)
            self._terminal(record.code, 1, at, record.phases)
        if kind == "source" or record.get("infeed"):
            code = record.code if kind == "source" else f"{record.code}-infeed"
            refs = {"Equipment.EquipmentContainer": self._container(record), **self._base(record)}
            texts = {"IdentifiedObject.name": record.name}
            if kind == "source":
                self._plain("EnergySource", record, refs=refs)
            else:
                self._object("EnergySource", code, texts=texts, refs=refs)
            self._terminal(code, 1, at, record.phases)
        if kind == "distribution_transformer":
            self._transformer(record, at)

    def _transformer(self, record: Given, at: str) -> None:
        self._plain("PowerTransformer", record)
        self._object("ConnectivityNode", f"{record.code}-lv")
        sides = ((1, at, record.get("voltage") or 10.0), (2, f"{record.code}-lv", 0.4))
        for number, node, voltage in sides:
            terminal = self._terminal(record.code, number, node, record.phases)
            rated = {
                "PowerTransformerEnd.ratedU": f"{float(voltage) * 1000:g}",
                "TransformerEnd.endNumber": str(number),
            }
            if record.get("capacity"):
                rated["PowerTransformerEnd.ratedS"] = f"{float(record.get('capacity')) * 1000:g}"
            refs = {"PowerTransformerEnd.PowerTransformer": record.code, "TransformerEnd.Terminal": terminal}
            self._object("PowerTransformerEnd", f"{record.code}-e{number}", texts=rated, refs=refs)

    def _branch(self, record: Given) -> None:
        ends = [self._end(record.code, record.get(name)) for name in ("from_code", "to_code")]
        if record.get("kind") != "power_transformer":
            length = record.get("length")
            texts = {"Conductor.length": f"{length * 1000:g}"} if length else {}
            self._plain("ACLineSegment", record, texts=texts)
            for number, end in enumerate(ends, 1):
                self._terminal(record.code, number, end, record.phases)
            return
        self._plain("PowerTransformer", record)
        voltages = {node.code: node.get("voltage") for node in self._grid.of("node")}
        for number, (end, name) in enumerate(zip(ends, ("from_code", "to_code"), strict=True), 1):
            terminal = self._terminal(record.code, number, end, record.phases)
            voltage = voltages.get(record.get(name)) or (110.0, 10.0)[number - 1]
            texts = {"PowerTransformerEnd.ratedU": f"{voltage * 1000:g}", "TransformerEnd.endNumber": str(number)}
            refs = {"PowerTransformerEnd.PowerTransformer": record.code, "TransformerEnd.Terminal": terminal}
            self._object("PowerTransformerEnd", f"{record.code}-e{number}", texts=texts, refs=refs)

    def _switch(self, record: Given) -> None:
        feeder = self._feeder.get(record.code)
        refs = {"Equipment.EquipmentContainer": feeder.code} if feeder else {}
        texts = {"Switch.normalOpen": "false" if record.get("normal") else "true"}
        self._plain(CLASS[record.get("kind")], record, texts=texts, refs=refs)
        for number, name in enumerate(("from_code", "to_code"), 1):
            end = record.get(name)
            node = self._joint.get((record.code, end)) or f"{end}-cn"
            self._terminal(record.code, number, node, record.phases)

    def _lv_branch(self, record: Given) -> None:
        above = record.get("parent_code")
        self._plain("ACLineSegment", record)
        self._object("ConnectivityNode", f"{record.code}-lv")
        self._terminal(record.code, 1, f"{above or record.get('transformer_code')}-lv", record.phases)
        self._terminal(record.code, 2, f"{record.code}-lv", record.phases)

    def _meter_box(self, record: Given) -> None:
        self._plain("EnergyConsumer", record)
        above = record.get("lv_branch_code") or record.get("transformer_code")
        self._terminal(record.code, 1, f"{above}-lv", record.phases)

    def _customer(self, record: Given) -> None:
        hung = record.get("meter_box") or record.get("transformer_code")
        texts = {"IdentifiedObject.name": record.code}
        self._object("UsagePoint", f"{record.code}-up", texts=texts, refs={"UsagePoint.Equipments": hung})

    def _end(self, line: str, node: str) -> str:
        return self._joint.get((line, node)) or f"{node}-cn"

    def _terminal(self, equipment: str, number: int, node: str, phases: str) -> str:
        code = f"{equipment}-t{number}"
        refs = {
            "Terminal.ConductingEquipment": equipment,
            "Terminal.ConnectivityNode": node,
            "Terminal.phases": f"{CIM}PhaseCode.{phases or 'ABC'}",
        }
        self._object("Terminal", code, texts={"ACDCTerminal.sequenceNumber": str(number)}, refs=refs)
        return code

    def _container(self, record: Given) -> str:
        """The voltage level of a node's substation."""
        station, voltage = record.get("substation_code"), float(record.get("voltage") or 0)
        if not station:
            return ""
        code = f"{station}-{voltage:g}kV"
        if (station, voltage) not in self._level:
            self._level.add((station, voltage))
            refs = {"VoltageLevel.Substation": station, "VoltageLevel.BaseVoltage": self._voltage(voltage)}
            self._object("VoltageLevel", code, texts={"IdentifiedObject.name": f"{voltage:g} kV"}, refs=refs)
        return code

    def _base(self, record: Given) -> dict[str, str]:
        voltage = record.get("voltage")
        return {"ConductingEquipment.BaseVoltage": self._voltage(float(voltage))} if voltage else {}

    def _voltage(self, voltage: float) -> str:
        if voltage not in self._voltages:
            self._voltages[voltage] = f"base-{voltage:g}"
            self._object("BaseVoltage", f"base-{voltage:g}", texts={"BaseVoltage.nominalVoltage": f"{voltage:g}"})
        return self._voltages[voltage]

    def _plain(
        self, cls: str, record: Given, *, texts: dict[str, str] | None = None, refs: dict[str, str] | None = None
    ) -> None:
        """A device with its name and place."""
        named = {"IdentifiedObject.mRID": record.code, "IdentifiedObject.name": record.name}
        if record.name_en:
            named["IdentifiedObject.aliasName"] = record.name_en
        where = {}
        if record.get("lat", None) is not None and record.get("lat") != "":
            where = {"PowerSystemResource.Location": f"{record.code}-loc"}
        self._object(cls, record.code, texts=named | (texts or {}), refs=(refs or {}) | where)
        if where:
            self._object("Location", f"{record.code}-loc")
            place = {"PositionPoint.sequenceNumber": "1"}
            place["PositionPoint.xPosition"] = repr(record.get("lon"))
            place["PositionPoint.yPosition"] = repr(record.get("lat"))
            at = {"PositionPoint.Location": f"{record.code}-loc"}
            self._object("PositionPoint", f"{record.code}-pos", texts=place, refs=at)

    def _object(
        self, cls: str, identity: str, *, texts: dict[str, str] | None = None, refs: dict[str, str] | None = None
    ) -> None:
        with self._element(f"{{{CIM}}}{cls}", {f"{{{RDF}}}ID": f"_{identity}"}):
            for name, text in (texts or {}).items():
                if text:
                    with self._element(f"{{{CIM}}}{name}", {}):
                        self._out.write(text)
            for name, target in (refs or {}).items():
                if target:
                    address = target if target.startswith("http") else f"#_{target}"
                    with self._element(f"{{{CIM}}}{name}", {f"{{{RDF}}}resource": address}):
                        pass

    @contextmanager
    def _element(self, tag: str, attributes: dict[str, str]) -> Iterator[None]:
        with self._out.element(tag, attributes):
            yield
        self._out.write("\n")
