"""Whether storm mode (大面积停电应急) holds for a unit: asked of whoever keeps storms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.outages.operations.remembered import once

Provider = Callable[[str, datetime], int | None]
"""`provider(unit_path, now)` gives the id of the storm that holds there, or None."""

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask `provider` too; once however often it is registered."""
    if provider not in _providers:
        _providers.append(provider)


def storm_of(unit_path: str, now: datetime) -> int | None:
    """The storm that holds for this unit now."""
    return once(("storm", unit_path), lambda: _asked(unit_path, now))


def _asked(unit_path: str, now: datetime) -> int | None:
    found = (provider(unit_path, now) for provider in _providers)
    return next((storm for storm in found if storm is not None), None)
