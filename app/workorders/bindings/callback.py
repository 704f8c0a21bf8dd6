"""Steps of the callback, of opening an order again, of the archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from app.kernel.registry import ServiceContext
from app.workorders.bindings.step import StepInputs, StepOutputs, step
from app.workorders.models import WorkOrder
from app.workorders.operations import callback
from app.workorders.operations.callback_plan import Strategy


class PlanInputs(StepInputs):
    strategy = fields.Dict()


class CallInputs(StepInputs):
    callback_way = fields.String()
    callback_result = fields.String()
    satisfaction = fields.String()
    callback_opinion = fields.String()


class OutcomeInputs(StepInputs):
    callback_outcome = fields.String()


class Planned(StepOutputs):
    more = fields.Boolean()
    attempt = fields.Integer()
    callback_at = fields.String(allow_none=True)
    callback_outcome = fields.String()


class Outcome(StepOutputs):
    callback_outcome = fields.String()


@step("plan_callback", title="安排回访时间", title_en="Plan the callback", inputs=PlanInputs, outputs=Planned)
def plan_callback(order: WorkOrder, context: ServiceContext, *, strategy: Mapping[str, Any]) -> dict[str, Any]:
    return callback.plan_callback(
        order,
        Strategy(
            share=int(strategy.get("share", 100)),
            attempts=int(strategy["attempts"]),
            gap=int(strategy["gap"]),
            deadline=int(strategy["deadline"]),
            windows=str(strategy["windows"]),
        ),
        now=context.now,
    )


@step(
    "record_callback",
    title="登记回访结果",
    title_en="Record the callback",
    inputs=CallInputs,
    outputs=Outcome,
    forgets=("callback_result", "satisfaction", "callback_opinion"),
)
def record_callback(
    order: WorkOrder,
    context: ServiceContext,
    *,
    callback_result: str,
    callback_way: str = "phone",
    satisfaction: str = "",
    callback_opinion: str = "",
) -> dict[str, Any]:
    outcome = callback.record_callback(
        order,
        way=callback_way,
        result=callback_result,
        satisfaction=satisfaction,
        opinion=callback_opinion,
        actor=context.actor,
        now=context.now,
    )
    return {"callback_outcome": outcome}


@step("mark_called_back", title="登记回访完成", title_en="Record the end of the callback", inputs=OutcomeInputs)
def mark_called_back(order: WorkOrder, context: ServiceContext, *, callback_outcome: str) -> dict[str, Any]:
    return callback.mark_called_back(order, outcome=callback_outcome, actor=context.actor, now=context.now)


@step("reopen", title="重新开单", title_en="Open the order again")
def reopen(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return callback.reopen(order, actor=context.actor, now=context.now)


@step("archive", title="归档", title_en="Archive")
def archive(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return callback.archive(order, actor=context.actor, now=context.now)
