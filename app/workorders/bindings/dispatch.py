"""Steps of dispatch: open, offer crews and units, dispatch, transfer, take, return."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.kernel.registry import ServiceContext
from app.workorders.bindings.step import Facts, StepInputs, StepOutputs, step
from app.workorders.models import WorkOrder
from app.workorders.operations import dispatch, transferring


class OpenInputs(StepInputs):
    priority = fields.Integer(validate=validate.Range(0, 100))


class DispatchInputs(StepInputs):
    crew = fields.Integer()
    dispatch_note = fields.String()


class TransferInputs(StepInputs):
    transfer_unit = fields.String()
    transfer_reason = fields.String()


class ReturnInputs(StepInputs):
    return_reason = fields.String()
    return_note = fields.String()


class Options(StepOutputs):
    """Options of the dispatch form."""

    crew_options = fields.List(fields.Dict())
    unit_options = fields.List(fields.Dict())


@step("open_order", title="工单入流程", title_en="Open the order", inputs=OpenInputs)
def open_order(order: WorkOrder, context: ServiceContext, *, priority: int = 50) -> dict[str, Any]:
    return dispatch.open_order(order, instance_id=context.instance_id, priority=priority)


@step("dispatch_options", title="查询可派班组", title_en="Look up crews", outputs=Options)
def dispatch_options(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return {
        "crew_options": dispatch.crew_options(order),
        "unit_options": transferring.unit_options(order, now=context.now),
    }


@step(
    "mark_dispatched",
    title="登记派单",
    title_en="Record the dispatch",
    inputs=DispatchInputs,
    forgets=("crew", "dispatch_note", "crew_options", "unit_options"),
)
def mark_dispatched(order: WorkOrder, context: ServiceContext, *, crew: int, dispatch_note: str = "") -> dict[str, Any]:
    return dispatch.mark_dispatched(order, crew_id=crew, note=dispatch_note, actor=context.actor, now=context.now)


@step(
    "transfer",
    title="转派其他单位",
    title_en="Transfer to another unit",
    inputs=TransferInputs,
    forgets=("transfer_unit", "transfer_reason"),
)
def transfer_order(
    order: WorkOrder, context: ServiceContext, *, transfer_unit: str, transfer_reason: str = ""
) -> dict[str, Any]:
    return transferring.transfer_by_form(
        order, to_unit=transfer_unit, reason=transfer_reason, actor=context.actor, now=context.now
    )


@step("mark_transferred", title="登记转派", title_en="Record the transfer")
def mark_transferred(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return transferring.mark_transferred(order, actor=context.actor, now=context.now)


@step("mark_taken", title="登记接单", title_en="Record that it was taken")
def mark_taken(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return dispatch.mark_taken(order, actor=context.actor, now=context.now)


@step(
    "mark_returned",
    title="登记退单",
    title_en="Record the return",
    inputs=ReturnInputs,
    outputs=Facts,
    forgets=("return_reason", "return_note", "take_action"),
)
def mark_returned(
    order: WorkOrder, context: ServiceContext, *, return_reason: str, return_note: str = ""
) -> dict[str, Any]:
    return dispatch.mark_returned(order, reason=return_reason, note=return_note, actor=context.actor, now=context.now)
