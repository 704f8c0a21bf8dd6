"""Steps of stages: keep what a stage brought, end an application, solve at once, look at the account."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.kernel.registry import ServiceContext
from app.workorders.bindings.step import Names, StepInputs, StepOutputs, step
from app.workorders.models import WorkOrder
from app.workorders.operations import accounts, staging


class StageInputs(StepInputs):
    """`stage` and `following` are the diagram's words, `keeps` names the variables to keep."""

    stage = fields.String()
    following = fields.String()
    keeps = Names(allow_none=True)


class EndInputs(StepInputs):
    check_note = fields.String()


class Account(StepOutputs):
    """What the conditions of a change ask: arrears, and days of a suspension (null where not given)."""

    arrears = fields.Boolean()
    days = fields.Integer(allow_none=True)


@step("mark_stage", title="登记环节结果", title_en="Record a stage", inputs=StageInputs)
def mark_stage(
    order: WorkOrder, context: ServiceContext, *, stage: str, following: str, keeps: list[str] | str | None = None
) -> dict[str, Any]:
    names = keeps.split(",") if isinstance(keeps, str) else keeps or []
    values = {name.strip(): context.data.get(name.strip()) for name in names}
    kept = {name: value for name, value in values.items() if value not in (None, "")}
    told = staging.mark_stage(
        order, stage=stage, following=following, values=kept, actor=context.actor, now=context.now
    )
    return told


@step("mark_ended", title="登记服务终止", title_en="Record the end of the application", inputs=EndInputs)
def mark_ended(order: WorkOrder, context: ServiceContext, *, check_note: str = "") -> dict[str, Any]:
    return staging.mark_ended(order, note=check_note, actor=context.actor, now=context.now)


@step("mark_solved", title="登记当场办结", title_en="Record that it was solved at once")
def mark_solved(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return staging.mark_solved(order, actor=context.actor, now=context.now)


@step("check_account", title="核对用电户", title_en="Look at the account", outputs=Account)
def check_account(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return accounts.conditions_of(order, now=context.now)
