"""The bounds of `readings.yaml` (or of `customer_readings.yaml` in the instance folder), checked when read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.customers.rollover import Rollover, rollover
from app.kernel import settings

FILE = Path(__file__).with_name("readings.yaml")


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What makes somebody look twice, and when a register is believed to have rolled over."""

    intervals: int
    high: Decimal
    low: Decimal
    least_a_day: Decimal
    parts_differ_by: Decimal
    oldest_days: int
    rollover: Rollover


def reading_rules() -> ReadingRules:
    """The rules in force here."""
    own = settings.current().instance / "customer_readings.yaml"
    content = _content(own if own.exists() else FILE)
    outlier = content["outlier"]
    return ReadingRules(
        intervals=int(outlier["intervals"]),
        high=Decimal(str(outlier["high"])),
        low=Decimal(str(outlier["low"])),
        least_a_day=Decimal(str(outlier["least_kwh_a_day"])),
        parts_differ_by=Decimal(str(content["parts_differ_by"])),
        oldest_days=int(content["oldest_days"]),
        rollover=rollover(),
    )


@lru_cache(maxsize=4)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content
