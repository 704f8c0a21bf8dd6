"""Steps of assistance and of reminders, which run as processes of their own beside the order's."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.kernel.registry import ServiceContext
from app.workorders.bindings.step import StepInputs, StepOutputs, step
from app.workorders.models import WorkOrder
from app.workorders.operations import assisting, reminding


class AssistedInputs(StepInputs):
    assistant_id = fields.Integer()
    assist_result = fields.String()


class HolderInputs(StepInputs):
    note = fields.String()


class AnswerInputs(StepInputs):
    reminder_id = fields.Integer()
    reminder_answer = fields.String()


class Told(StepOutputs):
    told = fields.Integer()


@step("mark_assisted", title="登记协办回单", title_en="Record the assistant's reply", inputs=AssistedInputs)
def mark_assisted(
    order: WorkOrder, context: ServiceContext, *, assistant_id: int, assist_result: str = ""
) -> dict[str, Any]:
    assisting.mark_assisted(assistant_id, result=assist_result, actor=context.actor, now=context.now)
    return {}


@step("mark_assistance_ended", title="结束协办", title_en="End the assistance", inputs=AssistedInputs)
def mark_assistance_ended(
    order: WorkOrder, context: ServiceContext, *, assistant_id: int, assist_result: str = ""
) -> dict[str, Any]:
    assisting.mark_assistance_ended(assistant_id, actor=context.actor, now=context.now)
    return {}


@step(
    "notify_holders", title="通知在办人员", title_en="Tell whoever holds the order", inputs=HolderInputs, outputs=Told
)
def notify_holders(order: WorkOrder, context: ServiceContext, *, note: str = "") -> dict[str, Any]:
    told = reminding.notify_holders(order, note=note, key=context.idempotency_key, actor=context.actor, now=context.now)
    return {"told": told}


@step("mark_reminder_answered", title="登记催办答复", title_en="Record the answer", inputs=AnswerInputs)
def mark_reminder_answered(
    order: WorkOrder, context: ServiceContext, *, reminder_id: int, reminder_answer: str = ""
) -> dict[str, Any]:
    reminding.mark_answered(reminder_id, answer=reminder_answer, actor=context.actor, now=context.now)
    return {}
