"""The feed's limits (`limits.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Limits:
    """Days, rows and seconds; the file says what each is for."""

    retention_days: int
    page: int
    place_batch: int
    first_wait_s: int
    longest_wait_s: int


LIMITS = Limits(**yaml.safe_load((Path(__file__).parent / "limits.yaml").read_text(encoding="utf-8")))
