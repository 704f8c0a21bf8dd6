"""What a fictive grid is made of: plain rows of each table, from nothing but its size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, cos, pi, sin
from typing import Any

from app.network.models import ALWAYS

CENTRE = (30.0, 120.0)
APART = 0.3
"""Degrees between substations."""

STEP = 0.008
"""Degrees between nodes of a main line."""

Row = tuple[Any, ...]
Unit = tuple[str, str]
COMMON = ("code", "name", "name_en", "unit_code", "unit_path", "phases", "valid_from")


@dataclass(frozen=True, slots=True)
class Plan:
    """`customers` on transformers of fifty, laterals of three transformers, main lines of eleven nodes.

    Twenty feeders a substation; feeders take turns in the `units` (code, path) they belong to.
    """

    customers: int
    units: tuple[Unit, ...] = (("", "/"),)
    prefix: str = "F"
    per_box: int = 10
    boxes: int = 5
    per_lateral: int = 3
    laterals: int = 11
    per_substation: int = 20

    @property
    def per_transformer(self) -> int:
        return self.per_box * self.boxes

    @property
    def per_feeder(self) -> int:
        """Transformers of a feeder."""
        return self.per_lateral * self.laterals

    @property
    def transformers(self) -> int:
        return ceil(self.customers / self.per_transformer)

    @property
    def feeders(self) -> int:
        return ceil(self.transformers / self.per_feeder)

    @property
    def substations(self) -> int:
        return ceil(self.feeders / self.per_substation)

    def unit(self, feeder: int) -> Unit:
        """Whose feeder it is: neighbouring feeders belong together."""
        return self.units[feeder * len(self.units) // self.feeders]

    def feeder(self, number: int) -> str:
        return f"{self.prefix}{number:04d}"

    def transformer(self, number: int) -> str:
        """The code of the transformer of this number, counted over the whole grid."""
        feeder, place = divmod(number, self.per_feeder)
        return f"{self.feeder(feeder)}-T{place:02d}"

    def place_of(self, customer: int) -> tuple[int, str, str]:
        """Feeder's number, transformer's code and meter box of the customer of this number."""
        transformer, rest = divmod(customer, self.per_transformer)
        code = self.transformer(transformer)
        return transformer // self.per_feeder, code, f"{code}-B{rest // self.per_box}"

    def where(self, feeder: int, node: float, aside: float = 0.0) -> tuple[float, float]:
        """Degrees of a point of a feeder's main line, or beside it."""
        station, place = divmod(feeder, self.per_substation)
        lat, lon = self._station(station)
        angle = 2 * pi * place / self.per_substation
        return (
            round(lat + STEP * (node * cos(angle) - aside * sin(angle)), 6),
            round(lon + STEP * (node * sin(angle) + aside * cos(angle)), 6),
        )

    def _station(self, station: int) -> tuple[float, float]:
        row, column = divmod(station, 6)
        return CENTRE[0] + APART * row, CENTRE[1] + APART * column

    def substation_rows(self) -> Iterator[Row]:
        """Columns COMMON, voltage, address, lat, lon."""
        for station in range(self.substations):
            unit = self.unit(station * self.per_substation)
            code = self._substation(station)
            yield (*_common(code, f"110kV{code}变电站", unit), 110.0, "", *self._station(station))

    def node_rows(self) -> Iterator[Row]:
        """Columns COMMON, kind, voltage, substation_code, infeed, address, lat, lon, capacity, load, public."""
        for station in range(self.substations):
            unit, code, where = (
                self.unit(station * self.per_substation),
                self._substation(station),
                self._station(station),
            )
            yield (
                *_common(f"{code}-H", f"{code}进线", unit),
                "source",
                110.0,
                code,
                True,
                "",
                *where,
                None,
                None,
                True,
            )
            bus = _common(f"{code}-M", f"{code}10kV母线", unit)
            yield (*bus, "busbar", 10.0, code, False, "", *where, None, None, True)
        for feeder in range(self.feeders):
            unit, code = self.unit(feeder), self.feeder(feeder)
            for node in range(1, self.laterals + 1):
                where = self.where(feeder, node)
                name = f"10kV{code}线{node:02d}号杆"
                row = _common(f"{code}-N{node:02d}", name, unit)
                yield (*row, "junction", 10.0, "", False, "", *where, None, None, True)
        for number in range(self.transformers):
            feeder, place = divmod(number, self.per_feeder)
            code = self.transformer(number)
            where = self.where(feeder, place // self.per_lateral + 1, (place % self.per_lateral + 1) / 4)
            row = _common(code, f"10kV{self.feeder(feeder)}线{place + 1}号公变", self.unit(feeder))
            yield (*row, "distribution_transformer", 10.0, "", False, "", *where, 400.0, None, True)

    def branch_rows(self) -> Iterator[Row]:
        """Columns COMMON, kind, from_code, to_code, length."""
        for station in range(self.substations):
            code, unit = self._substation(station), self.unit(station * self.per_substation)
            yield (*_common(f"{code}-T1", f"{code}1号主变", unit), "power_transformer", f"{code}-H", f"{code}-M", None)
        for feeder in range(self.feeders):
            yield from self._lines(feeder)

    def switch_rows(self) -> Iterator[Row]:
        """Columns COMMON, kind, from_code, to_code, normal, present, protective, remote, changed, lat, lon."""
        for feeder in range(self.feeders):
            yield from self._switches(feeder)

    def feeder_rows(self) -> Iterator[Row]:
        """Columns COMMON, breaker_code, busbar_code, substation_code, voltage."""
        for feeder in range(self.feeders):
            code, station = self.feeder(feeder), self._substation(feeder // self.per_substation)
            row = _common(code, f"10kV{code}线", self.unit(feeder))
            yield (*row, f"{code}-CB", f"{station}-M", station, 10.0)

    def lv_branch_rows(self) -> Iterator[Row]:
        """Columns COMMON, transformer_code, parent_code."""
        for number in range(self.transformers):
            code, unit = self.transformer(number), self.unit(number // self.per_feeder)
            for branch in (1, 2):
                yield (*_common(f"{code}-D{branch}", f"{code}{branch}号干线", unit), code, "")

    def meter_box_rows(self) -> Iterator[Row]:
        """Columns COMMON, transformer_code, lv_branch_code, address, lat, lon."""
        for number in range(self.transformers):
            code, unit = self.transformer(number), self.unit(number // self.per_feeder)
            for box in range(self.boxes):
                row = _common(f"{code}-B{box}", f"{code}{box + 1}号表箱", unit)
                yield (*row, code, f"{code}-D{box % 2 + 1}", "", None, None)

    def _substation(self, station: int) -> str:
        return f"{self.prefix}S{station:03d}"

    def _last(self, feeder: int) -> int:
        """How many laterals a feeder has: the last one of the grid may have fewer."""
        left = self.transformers - feeder * self.per_feeder
        return min(self.laterals, ceil(left / self.per_lateral))

    def _lines(self, feeder: int) -> Iterator[Row]:
        code, unit = self.feeder(feeder), self.unit(feeder)
        bus = f"{self._substation(feeder // self.per_substation)}-M"
        for node in range(1, self.laterals + 1):
            above = f"{code}-N{node - 1:02d}" if node > 1 else bus
            row = _common(f"{code}-L{node:02d}", f"10kV{code}线{node:02d}段", unit)
            yield (*row, "line", above, f"{code}-N{node:02d}", 0.8)
        for lateral in range(self._last(feeder)):
            above = f"{code}-N{lateral + 1:02d}"
            for place in range(lateral * self.per_lateral, (lateral + 1) * self.per_lateral):
                if feeder * self.per_feeder + place >= self.transformers:
                    break
                row = _common(f"{code}-S{place:02d}", f"10kV{code}线{lateral + 1:02d}支线{place:02d}段", unit)
                yield (*row, "line", above, f"{code}-T{place:02d}", 0.3)
                above = f"{code}-T{place:02d}"
        if feeder + 1 < self.feeders:
            other = f"{self.feeder(feeder + 1)}-N{self.laterals:02d}"
            row = _common(f"{code}-X", f"10kV{code}线联络段", unit)
            yield (*row, "line", f"{code}-N{self.laterals:02d}", other, 0.9)

    def _switches(self, feeder: int) -> Iterator[Row]:
        code, unit = self.feeder(feeder), self.unit(feeder)
        bus = f"{self._substation(feeder // self.per_substation)}-M"
        closed, opened = ("ABC", "ABC"), ("", "")
        row = _common(f"{code}-CB", f"10kV{code}线出线断路器", unit)
        yield (*row, "CB", bus, f"{code}-L01", *closed, True, True, 0, None, None)
        for node in range(3, self.laterals, 3):
            row = _common(f"{code}-L{node + 1:02d}-1", f"10kV{code}线{node:02d}号杆分段开关", unit)
            yield (
                *row,
                "LBS",
                f"{code}-N{node:02d}",
                f"{code}-L{node + 1:02d}",
                *closed,
                node == 6,
                True,
                0,
                None,
                None,
            )
        for lateral in range(self._last(feeder)):
            row = _common(f"{code}-K{lateral + 1:02d}", f"10kV{code}线{lateral + 1:02d}支线熔断器", unit)
            ends = f"{code}-N{lateral + 1:02d}", f"{code}-S{lateral * self.per_lateral:02d}"
            yield (*row, "fuse", *ends, *closed, True, False, 0, None, None)
        if feeder + 1 < self.feeders:
            row = _common(f"{code}-X-1", f"10kV{code}线联络开关", unit)
            yield (*row, "LBS", f"{code}-N{self.laterals:02d}", f"{code}-X", *opened, False, True, 0, None, None)


def _common(code: str, name: str, unit: Unit) -> Row:
    return (code, name, "", unit[0], unit[1], "ABC", ALWAYS)
