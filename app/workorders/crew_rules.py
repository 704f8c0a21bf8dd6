"""What is believed of crews' positions and shifts: `crews.yaml`, or the file of that name in the instance folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.kernel import settings

FILE = Path(__file__).with_name("crews.yaml")


@dataclass(frozen=True, slots=True)
class CrewRules:
    """See the comments of `crews.yaml`."""

    trust: timedelta
    stale: timedelta
    coarse_metres: float
    longest_shift: timedelta
    days_ahead: int


def crew_rules() -> CrewRules:
    """The rules in force here."""
    own = settings.current().instance / "crews.yaml"
    content = _content(own if own.exists() else FILE)
    position, shift = content["position"], content["shift"]
    return CrewRules(
        trust=timedelta(minutes=float(position["trust_minutes"])),
        stale=timedelta(minutes=float(position["stale_minutes"])),
        coarse_metres=float(position["coarse_metres"]),
        longest_shift=timedelta(hours=float(shift["longest_hours"])),
        days_ahead=int(shift["days_ahead"]),
    )


@lru_cache(maxsize=4)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content
