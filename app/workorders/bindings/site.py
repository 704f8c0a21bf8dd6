"""Steps of the crew on site: leave, arrive, survey, estimate, progress, restore."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import fields

from app.kernel.clock import LOCAL
from app.kernel.registry import ServiceContext
from app.workorders.bindings.stamps import ArriveInputs, LeaveInputs, RestoreInputs, place_of
from app.workorders.bindings.step import Facts, StepInputs, step
from app.workorders.models import WorkOrder
from app.workorders.operations import site


class SurveyInputs(StepInputs):
    fault_type = fields.String()
    fault_cause = fields.String()
    symptom = fields.String()
    ownership = fields.String()
    voltage = fields.String()
    hazard = fields.String()
    transformer_area = fields.String()
    line = fields.String()
    analysis = fields.String()


class EtrInputs(StepInputs):
    etr = fields.AwareDateTime(default_timezone=LOCAL)
    etr_reason = fields.String()


class ProgressInputs(EtrInputs):
    progress_note = fields.String()
    progress_photos = fields.List(fields.Raw())


class EtrOutputs(Facts):
    etr_minutes = fields.Integer()


class RestoredOutputs(Facts):
    reply_restored_at = fields.String()


@step("mark_departed", title="登记出发", title_en="Record that the crew left", inputs=LeaveInputs)
def mark_departed(
    order: WorkOrder, context: ServiceContext, *, depart_vehicle: str = "", **stamp: Any
) -> dict[str, Any]:
    place = place_of("depart", stamp)
    return site.mark_departed(order, vehicle=depart_vehicle, place=place, actor=context.actor, now=context.now)


@step("mark_arrived", title="登记到达现场", title_en="Record the arrival", inputs=ArriveInputs)
def mark_arrived(order: WorkOrder, context: ServiceContext, **stamp: Any) -> dict[str, Any]:
    known = {
        name: value
        for name in ("symptom", "voltage", "hazard", "transformer_area", "line")
        if (value := getattr(order, name))
    }
    facts = site.mark_arrived(order, place=place_of("arrive", stamp), actor=context.actor, now=context.now)
    return facts | known


@step("mark_surveyed", title="登记勘查结果", title_en="Record the survey", inputs=SurveyInputs)
def mark_surveyed(order: WorkOrder, context: ServiceContext, **found: str) -> dict[str, Any]:
    return site.mark_surveyed(order, found, actor=context.actor, now=context.now)


@step(
    "set_etr",
    title="发布预计恢复时间",
    title_en="Publish the estimated restoration",
    inputs=EtrInputs,
    outputs=EtrOutputs,
)
def set_etr(order: WorkOrder, context: ServiceContext, *, etr: datetime, etr_reason: str = "") -> dict[str, Any]:
    facts = site.set_etr(order, etr_at=etr, source="crew", reason=etr_reason, actor=context.actor, now=context.now)
    return facts | _minutes(order, context.now)


@step(
    "record_progress",
    title="登记进度汇报",
    title_en="Record progress",
    inputs=ProgressInputs,
    outputs=EtrOutputs,
    forgets=("repair_action", "progress_note", "progress_photos", "etr", "etr_reason"),
)
def record_progress(
    order: WorkOrder,
    context: ServiceContext,
    *,
    progress_note: str = "",
    progress_photos: list[Any] | None = None,
    etr: datetime | None = None,
    etr_reason: str = "",
) -> dict[str, Any]:
    actor, now = context.actor, context.now
    facts = site.record_progress(order, note=progress_note, photos=progress_photos or [], actor=actor, now=now)
    if etr is not None:
        facts = site.set_etr(order, etr_at=etr, source="crew", reason=etr_reason, actor=actor, now=now)
    return facts | _minutes(order, now)


@step(
    "mark_restored",
    title="登记抢修完成",
    title_en="Record the restoration",
    inputs=RestoreInputs,
    outputs=RestoredOutputs,
    forgets=("repair_action",),
)
def mark_restored(order: WorkOrder, context: ServiceContext, **stamp: Any) -> dict[str, Any]:
    facts = site.mark_restored(order, place=place_of("restore", stamp), actor=context.actor, now=context.now)
    return facts | {"reply_restored_at": context.now.astimezone(LOCAL).isoformat(timespec="minutes")}


def _minutes(order: WorkOrder, now: datetime) -> dict[str, int]:
    """From now to the estimate; 0 where there is none or it has passed."""
    left = (order.etr_at - now).total_seconds() if order.etr_at else 0
    return {"etr_minutes": max(0, int(left // 60))}
