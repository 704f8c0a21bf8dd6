"""Write a new outage, and what the grid says of where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.identity import queries as people
from app.kernel.db import session
from app.kernel.numbering import next_number
from app.network.grid import Grid
from app.outages.models import Outage
from app.outages.operations.remembered import once

PREFIX = "TD"


def new_outage(
    *,
    kind: str,
    started_at: datetime,
    unit_code: str,
    unit_path: str,
    now: datetime,
    nature: str = "unplanned",
    status: str = "predicted",
    **columns: Any,
) -> Outage:
    """Add an outage and give it its number. Nobody is told yet: whoever completes it emits `created`."""
    outage = Outage(
        number=next_number(PREFIX, now=now),
        nature=nature,
        kind=kind,
        status=status,
        unit_code=unit_code,
        unit_path=unit_path,
        started_at=started_at,
        detected_at=now,
        **columns,
    )
    session.add(outage)
    session.flush()
    return outage


def device_facts(grid: Grid, code: str, *, named: bool = True, now: datetime) -> dict[str, Any]:
    """The columns of `outage` that say where it stands; of a device that is not `named` only feeder and unit.

    Nothing where the grid does not know the code.
    """
    if not code or not grid.has(code):
        return {}
    device = grid.info(code)
    feeder = grid.feeder_of(code) or device.feeder
    feeder_name, feeder_name_en = grid.names(feeder)
    unit = {"unit_code": device.unit_code, "unit_path": _path(device.unit_code, device.unit_path, now)}
    return {
        "device_code": code if named else "",
        "device_name": device.name,
        "device_name_en": device.name_en,
        "device_kind": device.kind if named else "",
        "feeder_code": feeder,
        "feeder_name": feeder_name,
        "feeder_name_en": feeder_name_en,
        "substation_code": device.substation,
        "phases": (device.phases or "ABC")[:3],
        **(unit if device.unit_code else {}),
    }


def _path(unit_code: str, unit_path: str, now: datetime) -> str:
    """The unit's present path: units move, and the grid in memory may still hold where one stood."""
    if not unit_code:
        return unit_path
    return path_of(unit_code, now) or unit_path


def path_of(unit_code: str, now: datetime) -> str:
    """The path of a unit today, empty where there is none."""

    def ask() -> str:
        unit = people.unit_by_code(unit_code, at=now)
        return unit.path if unit else ""

    return once(("path", unit_code), ask) if unit_code else ""
