"""Devices to choose for a planned outage: found by a part of their name or code, in the reader's units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.network import grid
from app.network.grid import Device

KINDS = ("feeder_breaker", "switch", "breaker", "fuse", "distribution_transformer", "lv_branch", "meter_box")
MOST = 30
SHORTEST = 1


def devices_like(text: str, *, paths: Sequence[str], now: datetime) -> list[Device]:
    """Up to `MOST` devices whose name or code holds `text`, those with most customers first."""
    wanted = text.strip().casefold()
    if len(wanted) < SHORTEST:
        return []
    seen = grid.current(now)
    found: list[Device] = []
    for code in seen.codes(*KINDS):
        if len(found) >= MOST * 10:
            break
        device = seen.info(code)
        named = wanted in code.casefold() or wanted in f"{device.name}\n{device.name_en}".casefold()
        if named and any(device.unit_path.startswith(path) for path in paths):
            found.append(device)
    return sorted(found, key=lambda device: (-device.customers, device.code))[:MOST]
