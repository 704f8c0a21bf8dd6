"""Steps of the reply and its review."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import force_locale
from marshmallow import fields

from app.kernel.clock import LOCAL
from app.kernel.registry import ServiceContext
from app.workorders.bindings.step import Facts, StepInputs, StepOutputs, step
from app.workorders.labels import problem_label
from app.workorders.models import WorkOrder
from app.workorders.operations import reply
from app.workorders.operations.reply_check import Reply


class ReplyInputs(StepInputs):
    reply_contacted = fields.String()
    reply_fault_type = fields.String()
    reply_fault_cause = fields.String()
    reply_ownership = fields.String()
    reply_findings = fields.String()
    reply_action = fields.String()
    reply_opinion = fields.String()
    reply_restored_at = fields.AwareDateTime(default_timezone=LOCAL)


class ReviewInputs(StepInputs):
    review_note = fields.String()


class SendBackInputs(ReviewInputs):
    send_back_reasons = fields.List(fields.String())


class Checked(StepOutputs):
    """`reply_ok`, and for the form what is wrong in both languages."""

    reply_ok = fields.Boolean()
    reply_problems = fields.String()
    reply_problems_en = fields.String()


class Assistants(StepOutputs):
    assistants_open = fields.Integer()


@step("check_reply", title="校验回单内容", title_en="Check the reply", inputs=ReplyInputs, outputs=Checked)
def check_reply(order: WorkOrder, context: ServiceContext, **values: Any) -> dict[str, Any]:
    found = reply.check_reply(order, _reply(order, values), actor=context.actor, now=context.now)
    return {
        "reply_ok": not found,
        "reply_problems": _in("zh", found),
        "reply_problems_en": _in("en", found),
    }


@step("count_assistants", title="查询未回单协办", title_en="Count open assistants", outputs=Assistants)
def count_assistants(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    return {"assistants_open": reply.open_assistants(order)}


@step(
    "mark_replied",
    title="登记回单",
    title_en="Record the reply",
    inputs=ReplyInputs,
    outputs=Facts,
    forgets=("reply_problems", "reply_problems_en", "send_back_reasons"),
)
def mark_replied(order: WorkOrder, context: ServiceContext, **values: Any) -> dict[str, Any]:
    return reply.mark_replied(order, _reply(order, values), actor=context.actor, now=context.now)


@step(
    "mark_reviewed",
    title="登记审核通过",
    title_en="Record that the reply passed",
    inputs=ReviewInputs,
    forgets=("review_action", "review_note"),
)
def mark_reviewed(order: WorkOrder, context: ServiceContext, *, review_note: str = "") -> dict[str, Any]:
    return reply.mark_reviewed(order, note=review_note, actor=context.actor, now=context.now)


@step(
    "mark_sent_back",
    title="登记审核退回",
    title_en="Record that the reply was sent back",
    inputs=SendBackInputs,
    forgets=("review_action",),
)
def mark_sent_back(
    order: WorkOrder, context: ServiceContext, *, send_back_reasons: list[str] | None = None, review_note: str = ""
) -> dict[str, Any]:
    return reply.mark_sent_back(
        order, reasons=send_back_reasons or [], note=review_note, actor=context.actor, now=context.now
    )


def _reply(order: WorkOrder, values: dict[str, Any]) -> Reply:
    restored: datetime | None = values.get("reply_restored_at")
    return Reply(
        contacted=values.get("reply_contacted", ""),
        fault_type=values.get("reply_fault_type") or order.fault_type,
        fault_cause=values.get("reply_fault_cause", ""),
        ownership=values.get("reply_ownership") or order.ownership,
        findings=values.get("reply_findings", ""),
        action=values.get("reply_action", ""),
        opinion=values.get("reply_opinion", ""),
        restored_at=restored,
    )


def _in(locale: str, codes: list[str]) -> str:
    with force_locale(locale):
        return "\n".join(str(problem_label(code)) for code in codes)
