"""What people may not answer in the tasks of planned outages, told at the field (`inbox.checks`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.engine.api import TaskView
from app.inbox import checks
from app.kernel.errors import Invalid
from app.outages.bindings.planned import ExtendInputs, MoveInputs, ReviseInputs, WorkInputs
from app.outages.bindings.step import read
from app.outages.models import Outage
from app.outages.operations import executing, planning, restoring
from app.outages.operations.find import by_number

FIELDS = {"begins_at": "new_from", "ends_at": "new_to"}
"""The fields of the forms, by those of the operations."""


def register() -> None:
    """Let the checks be asked before these tasks are completed."""
    checks.register("outage_execution", "switch_off", _switch_off)
    checks.register("outage_execution", "work", _work)
    checks.register("outage_planned", "revise", _revise)
    checks.register("outage_temporary", "replan", _revise)


def _switch_off(task: TaskView, data: Mapping[str, Any], now: datetime) -> None:
    outage = by_number(task.business_key or "")
    if data.get("switch_action") == "done":
        executing.check_begin(outage, now=now)
    elif data.get("switch_action") == "postpone":
        given = read(MoveInputs, data, {})
        _times(outage, given, now)
        emergency = bool(given.get("switch_emergency"))
        planning.needs_notice(outage, given["new_from"], emergency=emergency, field="new_from", keep=False, now=now)


def _work(task: TaskView, data: Mapping[str, Any], now: datetime) -> None:
    outage = by_number(task.business_key or "")
    if data.get("work_action") == "extend":
        executing.check_extension(outage, read(ExtendInputs, data, {})["extend_to"], now=now)
    elif data.get("work_action") == "partial":
        restoring.check_part(outage, read(WorkInputs, data, {}).get("restore_devices", []), now=now)


def _revise(task: TaskView, data: Mapping[str, Any], now: datetime) -> None:
    if data.get("revise_action") == "revise":
        _times(by_number(task.business_key or ""), read(ReviseInputs, data, {}), now)


def _times(outage: Outage, given: Mapping[str, Any], now: datetime) -> None:
    """Refuse times that cannot be, at the form's fields."""
    try:
        planning.check_times(outage, given["new_from"], given["new_to"], now=now)
    except Invalid as refusal:
        errors = {FIELDS.get(name, name): why for name, why in refusal.details["errors"].items()}
        raise Invalid(refusal.message, errors=errors) from refusal
