"""Incidents: steps that could not go on by themselves, and what an operator does about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.engine.runtime.views import IncidentView
from app.kernel.actor import Actor


def list_incidents(
    *, state: str | None = "open", instance_id: str | None = None, limit: int = 100, before: str | None = None
) -> list[IncidentView]:
    """Incidents, the latest first; `before` is the last id of the page before."""
    raise NotImplementedError


def get_incident(incident_id: str) -> IncidentView:
    """Raises `IncidentNotFound`."""
    raise NotImplementedError


def count_open_incidents() -> int:
    raise NotImplementedError


def retry(
    incident_id: str, *, data: Mapping[str, Any] | None = None, reason: str, actor: Actor, now: datetime
) -> IncidentView:
    """Try the step again, with some variables changed first where `data` gives them.

    The incident is resolved where the step gets through, else it stays open with one more attempt.
    """
    raise NotImplementedError
