"""Steps of the answer to the customer and of callbacks that are not about repairs."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.kernel.registry import ServiceContext
from app.workorders.bindings.step import StepInputs, StepOutputs, step
from app.workorders.models import WorkOrder
from app.workorders.operations import answering, callback


class PlanInputs(StepInputs):
    answer_plan = fields.String()


class AnswerInputs(StepInputs):
    answer_way = fields.String()
    answer_text = fields.String()
    answer_to = fields.String()
    answer_note = fields.String()


class FailedInputs(StepInputs):
    delivery_error = fields.String()


class VisitInputs(StepInputs):
    visit_result = fields.String()
    satisfaction = fields.String()
    callback_opinion = fields.String()


class Planned(StepOutputs):
    agent = fields.String()
    agent_group = fields.String()
    answer_text = fields.String()
    answer_way = fields.String()
    answer_to = fields.String(allow_none=True)
    delivery_error = fields.String(allow_none=True)


class Sent(StepOutputs):
    delivery_id = fields.Integer()
    delivery_state = fields.String()


class Failed(StepOutputs):
    delivery_error = fields.String()


class Outcome(StepOutputs):
    callback_outcome = fields.String()


@step("plan_answer", title="准备答复", title_en="Prepare the answer", inputs=PlanInputs, outputs=Planned)
def plan_answer(order: WorkOrder, context: ServiceContext, *, answer_plan: str) -> dict[str, Any]:
    return answering.plan_answer(order, way=answer_plan, now=context.now)


@step(
    "send_answer",
    title="发出答复",
    title_en="Send the answer",
    inputs=AnswerInputs,
    outputs=Sent,
    forgets=("answer_to",),
)
def send_answer(
    order: WorkOrder,
    context: ServiceContext,
    *,
    answer_way: str,
    answer_text: str = "",
    answer_to: str = "",
    answer_note: str = "",
) -> dict[str, Any]:
    return answering.send_answer(
        order,
        way=answer_way,
        text=answer_text,
        to=answer_to,
        key=f"answer:{context.idempotency_key}",
        actor=context.actor,
        now=context.now,
    )


@step(
    "note_delivery_failed",
    title="登记未送达",
    title_en="Record the failed delivery",
    inputs=FailedInputs,
    outputs=Failed,
)
def note_delivery_failed(order: WorkOrder, context: ServiceContext, *, delivery_error: str = "") -> dict[str, Any]:
    return answering.note_delivery_failed(order, error=delivery_error, actor=context.actor, now=context.now)


@step(
    "mark_answered",
    title="登记已答复",
    title_en="Record the answer",
    inputs=AnswerInputs,
    forgets=("answer_to", "answer_note", "delivery_error"),
)
def mark_answered(
    order: WorkOrder,
    context: ServiceContext,
    *,
    answer_way: str = "",
    answer_text: str = "",
    answer_to: str = "",
    answer_note: str = "",
) -> dict[str, Any]:
    return answering.mark_answered(
        order, way=answer_way, text=answer_text, note=answer_note, actor=context.actor, now=context.now
    )


@step(
    "record_visit",
    title="登记回访结果（非抢修）",
    title_en="Record the callback of a desk order",
    inputs=VisitInputs,
    outputs=Outcome,
    forgets=("visit_result", "satisfaction", "callback_opinion"),
)
def record_visit(
    order: WorkOrder,
    context: ServiceContext,
    *,
    visit_result: str,
    satisfaction: str = "",
    callback_opinion: str = "",
) -> dict[str, Any]:
    outcome = callback.record_callback(
        order,
        way="phone",
        result=visit_result,
        satisfaction=satisfaction,
        opinion=callback_opinion,
        kind="visit_result",
        actor=context.actor,
        now=context.now,
    )
    return {"callback_outcome": outcome}
