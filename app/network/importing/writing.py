"""Write a checked grid: what is there under the same code and day is changed, what is new is added."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session, table
from app.network.importing.given import Given, GivenGrid
from app.network.models import Feeder, GridBranch, GridNode, GridSwitch, LvBranch, MeterBox, Substation
from app.network.versions import new_structure

MODELS: Mapping[str, Any] = {
    "substation": Substation,
    "node": GridNode,
    "branch": GridBranch,
    "switch": GridSwitch,
    "feeder": Feeder,
    "lv_branch": LvBranch,
    "meter_box": MeterBox,
}
OWN = {
    "substation": ("voltage", "address", "lat", "lon"),
    "node": (
        *("kind", "voltage", "substation_code", "infeed", "address"),
        *("lat", "lon", "capacity", "load", "public"),
    ),
    "branch": ("kind", "from_code", "to_code", "length"),
    "switch": ("kind", "from_code", "to_code", "normal", "protective", "remote", "lat", "lon"),
    "feeder": ("breaker_code", "busbar_code", "substation_code", "voltage"),
    "lv_branch": ("transformer_code", "parent_code"),
    "meter_box": ("transformer_code", "lv_branch_code", "address", "lat", "lon"),
}
DEFAULTS: Mapping[str, Any] = {
    "infeed": False,
    "public": True,
    "protective": False,
    "remote": False,
    "normal": "ABC",
    **{name: None for name in ("voltage", "lat", "lon", "capacity", "load", "length")},
}
CHUNK = 500


def write(grid: GivenGrid, paths: Mapping[str, str]) -> dict[str, int]:
    """Write all records; `paths` gives the path of each unit. Returns how many rows are new and how many changed."""
    counts = {"created": 0, "changed": 0}
    for name, model in MODELS.items():
        records = grid.of(name)
        for first in range(0, len(records), CHUNK):
            _write(name, model, records[first : first + CHUNK], paths, counts, whole=grid.form == "wide")
    session.flush()
    new_structure()
    return counts


def _write(
    name: str, model: Any, records: list[Given], paths: Mapping[str, str], counts: dict[str, int], *, whole: bool
) -> None:
    row = table(model).c
    known = {
        (found.code, found.valid_from): found
        for found in session.scalars(sa.select(model).where(row.code.in_([record.code for record in records])))
    }
    for record in records:
        values = values_of(name, record, paths)
        found = known.get((record.code, record.valid_from))
        if found is None:
            if name == "switch":
                values |= _stands(known, record) or {"present": values["normal"]}
            session.add(model(**values))
            counts["created"] += 1
            continue
        if not whole:
            values = _carried(values, record)
        if any(getattr(found, key) != value for key, value in values.items()):
            for key, value in values.items():
                setattr(found, key, value)
            counts["changed"] += 1


def _stands(known: Mapping[tuple[str, date], Any], record: Given) -> dict[str, Any]:
    """How a switch of which another version is known stands: its history goes on."""
    versions = [found for (code, _day), found in known.items() if code == record.code]
    before = max(versions, key=lambda found: (found.valid_from <= record.valid_from, found.valid_from), default=None)
    names = ("present", "changed", "changed_at")
    return {name: getattr(before, name) for name in names} if before is not None else {}


def _carried(values: Mapping[str, Any], record: Given) -> dict[str, Any]:
    """What a form that has no place for some columns says: of a device that is there the others stay."""
    common = {"code", "name", "name_en", "unit_code", "unit_path", "phases", "valid_from"}
    named = {key: value for key, value in values.items() if key in record.values or key in common}
    return {key: value for key, value in named.items() if key == "normal" or value not in ("", None)}


def values_of(name: str, record: Given, paths: Mapping[str, str]) -> dict[str, Any]:
    """The columns of a record's row but the present state of a switch, which only operations change."""
    own = {key: record.get(key, DEFAULTS.get(key, "")) for key in OWN[name]}
    return own | {
        "code": record.code,
        "name": record.name,
        "name_en": record.name_en,
        "unit_code": record.unit_code,
        "unit_path": paths.get(record.unit_code, "/"),
        "phases": record.phases,
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
    }
