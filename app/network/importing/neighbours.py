"""Devices of other units in an import: a file holds them so that the rest hangs somewhere. They are never changed.

A device that is there already keeps its unit where the file names none. Of a unit in which the actor may not change
the grid it is a neighbour: where the file says of it what is there, it is left as it is; where it says something
else, the import is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.network.importing.given import DEVICES, Finding, Given, GivenGrid

NOT_CARRIED = frozenset({"open_without_switch"})
"""Notes of a form that are no columns."""


def keep_units(grid: GivenGrid, there: GivenGrid, default: str) -> None:
    """Give every device that names no unit the one it has, a new one the `default`."""
    for name in DEVICES:
        known = {record.code: record.unit_code for record in there.of(name)}
        for record in grid.of(name):
            record.unit_code = record.unit_code or known.get(record.code) or default


def set_apart(
    grid: GivenGrid, there: GivenGrid, paths: Mapping[str, str], may: Callable[[str], bool]
) -> tuple[dict[str, int], list[Finding]]:
    """Take neighbours that stay as they are out of the import; returns how many, and what is refused.

    `may` says of a unit's path whether the actor may change the grid there. Units in the file that nobody knows are
    found by `checking`.
    """
    findings: list[Finding] = []
    left: dict[str, int] = {}
    asked: dict[str, bool] = {}

    def allowed(unit: str) -> bool:
        if unit not in asked:
            asked[unit] = may(paths.get(unit, "/"))
        return asked[unit]

    told: set[str] = set()
    for name in DEVICES:
        known: dict[str, list[Given]] = {}
        for record in there.of(name):
            known.setdefault(record.code, []).append(record)
        kept: list[Given] = []
        for record in grid.of(name):
            units = {each.unit_code for each in known.get(record.code, ())}
            units |= set() if record.unit_code and record.unit_code not in paths else {record.unit_code}
            foreign = sorted(unit for unit in units if not allowed(unit))
            if not foreign:
                kept.append(record)
            elif any(_same(record, each) for each in known.get(record.code, ())):
                left["neighbours"] = left.get("neighbours", 0) + 1
            else:
                kept.append(record)
                if foreign[0] not in told:
                    told.add(foreign[0])
                    params = {"unit": foreign[0]}
                    findings.append(Finding("error", "not_yours", record.place, record.code, params))
        grid.records[name] = kept
    return left, findings


def _same(record: Given, stored: Given) -> bool:
    """Whether a record says nothing that is not so already; what a form leaves out says nothing."""
    said = {key: value for key, value in record.values.items() if value not in (None, "") and key not in NOT_CARRIED}
    common = {"name": record.name, "name_en": record.name_en, "phases": record.phases, "unit_code": record.unit_code}
    return all(_equal(stored.get(key, None), value) for key, value in said.items()) and all(
        not value or getattr(stored, key) == value for key, value in common.items()
    )


def _equal(stored: object, given: object) -> bool:
    if isinstance(stored, float) and isinstance(given, int | float):
        return abs(stored - given) < 1e-6
    return stored == given
