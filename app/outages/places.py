"""Where an outage is on the map: its device's place, else its feeder's or substation's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import isfinite

from app.network import grid
from app.network.grid import Grid
from app.outages.models import Outage

Place = tuple[float, float]
"""Degrees of latitude and longitude, WGS 84."""


def place_of(outage: Outage, *, now: datetime) -> Place | None:
    """The place of an outage's device in the grid in force, None where nothing of it has one."""
    return first_place(grid.current(now), (outage.device_code, outage.feeder_code, outage.substation_code))


def first_place(present: Grid, codes: Iterable[str]) -> Place | None:
    """The place of the first of these devices that has one."""
    for code in codes:
        if not code or not present.has(code):
            continue
        device = present.info(code)
        if device.lat is not None and device.lon is not None and isfinite(device.lat) and isfinite(device.lon):
            return device.lat, device.lon
    return None
