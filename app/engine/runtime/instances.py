"""Starting, describing, suspending and ending process instances."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.engine.runtime.views import InstanceView
from app.kernel.actor import Actor


def start(
    key: str,
    *,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    business_key: str | None = None,
    title: str = "",
    title_en: str = "",
    unit: str | None = None,
    priority: int = 50,
    search: str = "",
) -> InstanceView:
    """Start the newest version of a process and run it to its first waiting points.

    `unit` is the code of the organisation unit it belongs to; title, unit, priority and
    search text are shown on its tasks.
    """
    raise NotImplementedError


def describe(
    instance_id: str,
    *,
    title: str | None = None,
    title_en: str | None = None,
    unit: str | None = None,
    priority: int | None = None,
    search: str | None = None,
    actor: Actor,
    now: datetime,
) -> InstanceView:
    """Change what is shown of an instance, on its open tasks too; None leaves a value as it is."""
    raise NotImplementedError


def terminate(instance_id: str, *, reason: str, actor: Actor, now: datetime) -> InstanceView:
    """End an instance at once: its open tasks, timers and subscriptions are cancelled."""
    raise NotImplementedError


def suspend(instance_id: str, *, reason: str, actor: Actor, now: datetime) -> InstanceView:
    """Let nothing happen in an instance until `resume`: tasks are refused, timers stand, messages are kept."""
    raise NotImplementedError


def resume(instance_id: str, *, reason: str, actor: Actor, now: datetime) -> InstanceView:
    """Let a suspended instance go on: overdue timers fire, kept messages are delivered."""
    raise NotImplementedError


def get_instance(instance_id: str) -> InstanceView:
    """Raises `InstanceNotFound`."""
    raise NotImplementedError


def list_instances(
    *, business_key: str | None = None, process_key: str | None = None, status: str | None = None, limit: int = 100
) -> list[InstanceView]:
    """Instances, the latest first."""
    raise NotImplementedError
