"""Write a new outage, and what the grid says of where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.kernel.db import session
from app.kernel.numbering import next_number
from app.network.grid import Grid
from app.outages.models import Outage

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


def device_facts(grid: Grid, code: str, *, named: bool = True) -> dict[str, Any]:
    """The columns of `outage` that say where it stands; of a device that is not `named` only feeder and unit.

    Nothing where the grid does not know the code.
    """
    if not code or not grid.has(code):
        return {}
    device = grid.info(code)
    feeder = grid.feeder_of(code) or device.feeder
    feeder_name, feeder_name_en = grid.names(feeder)
    unit = {"unit_code": device.unit_code, "unit_path": device.unit_path}
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
