"""Completing a user task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.engine.runtime.views import Completed
from app.kernel.actor import Actor


def complete(task_id: str, data: Mapping[str, Any], *, actor: Actor, now: datetime) -> Completed:
    """Complete a task with its form's data, already validated, and run on to the next waiting points.

    The data is merged into the variables. Raises `TaskAlreadyCompleted` (who and when),
    `TaskCancelled`, `TaskNotFound`, `InstanceSuspended`.
    """
    raise NotImplementedError
