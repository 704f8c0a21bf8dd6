"""What other packages see of retries: plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.engine.runtime.views import IncidentView


@dataclass(frozen=True, slots=True)
class RetryView:
    """Several incidents tried again; `counts` says how many are in which state."""

    id: str
    reason: str
    state: str
    created_at: datetime
    created_by: str
    finished_at: datetime | None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RetryResult:
    """One incident of it: `state` is `pending`, `resolved`, `failed` or `skipped`, `note` says why."""

    incident: IncidentView
    state: str
    note: str
    done_at: datetime | None
