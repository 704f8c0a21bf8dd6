"""Steps of merged orders: wait for the main order, go on alone, follow it, let the attached ones follow."""

from __future__ import annotations

from typing import Any

from app.kernel.registry import ServiceContext
from app.workorders.bindings.step import step
from app.workorders.models import WorkOrder
from app.workorders.operations import merging


@step("mark_merged", title="登记合并", title_en="Record the merge")
def mark_merged(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return merging.mark_merged(order, actor=context.actor, now=context.now)


@step("mark_unmerged", title="登记拆分", title_en="Record the un-merge")
def mark_unmerged(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return merging.mark_unmerged(order, actor=context.actor, now=context.now)


@step("mark_followed", title="继承主单结果", title_en="Take over the main order's result")
def mark_followed(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return merging.mark_followed(order, actor=context.actor, now=context.now)


@step("release_children", title="通知子单回访", title_en="Let the attached orders be called back")
def release_children(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    merging.release_children(order, actor=context.actor, now=context.now)
    return {}
