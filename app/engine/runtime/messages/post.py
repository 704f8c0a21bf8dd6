"""A message or signal on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel.actor import Actor

INSTANCE = "instance_id"
"""The name in a correlation that addresses one instance, whatever its events ask for."""


@dataclass(frozen=True, slots=True)
class Post:
    """`correlation` and `payload` are plain values, shared with nothing."""

    kind: str  # "message" or "signal"
    name: str
    correlation: dict[str, Any]
    payload: dict[str, Any]
    actor: Actor
    now: datetime

    @property
    def values(self) -> dict[str, Any]:
        """What waiting events may ask for."""
        return {name: value for name, value in self.correlation.items() if name != INSTANCE}
