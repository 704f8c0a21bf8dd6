"""Steps for what may happen at any time: cancel, suspend, resume."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.kernel.registry import ServiceContext
from app.workorders.bindings.step import Facts, step
from app.workorders.models import WorkOrder
from app.workorders.operations import cancelling, suspending


class Suspended(Facts):
    suspend_until = fields.String()


@step("mark_cancelled", title="登记撤销", title_en="Record the cancellation")
def mark_cancelled(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return cancelling.mark_cancelled(order, actor=context.actor, now=context.now)


@step("mark_suspended", title="登记挂起", title_en="Record the suspension", outputs=Suspended)
def mark_suspended(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return suspending.mark_suspended(order, actor=context.actor, now=context.now)


@step("mark_resumed", title="登记恢复", title_en="Record that it goes on")
def mark_resumed(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return suspending.mark_resumed(order, actor=context.actor, now=context.now)
