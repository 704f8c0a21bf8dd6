"""Steps that every kind of order but repairs shares: open, hand out, take, stages, reply, review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from marshmallow import fields, validate

from app.kernel.registry import ServiceContext
from app.workorders.bindings.reply import Checked
from app.workorders.bindings.step import Facts, StepInputs, StepOutputs, step
from app.workorders.labels import problem_label
from app.workorders.models import WorkOrder
from app.workorders.operations import desk_reply, handing_out
from app.workorders.operations.answer_check import DeskReply

REPLY = ("contacted", "findings", "action", "answer", "opinion", "result", "measures")


class OpenInputs(StepInputs):
    route = fields.Dict()
    priority = fields.Integer(validate=validate.Range(0, 100))
    grade = fields.String()


class RouteInputs(StepInputs):
    route = fields.Dict()


class AssignInputs(RouteInputs):
    handle_unit_choice = fields.String()
    handler_choice = fields.String()
    dispatch_note = fields.String()


class TakeInputs(StepInputs):
    category = fields.String()


class ReplyInputs(StepInputs):
    reply_contacted = fields.String()
    reply_findings = fields.String()
    reply_action = fields.String()
    reply_answer = fields.String()
    reply_opinion = fields.String()
    reply_result = fields.String()
    reply_measures = fields.String()


class BackInputs(StepInputs):
    send_back_reasons = fields.List(fields.String())
    review_note = fields.String()


class Opened(Facts):
    """What an order begins with besides its facts."""

    reply_ok = fields.Boolean()
    review_action = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)
    solved = fields.Boolean()


class HandlerOptions(StepOutputs):
    handle_unit_options = fields.List(fields.Dict())
    handler_options = fields.List(fields.Dict())
    unit_options = fields.List(fields.Dict())


class SentBack(Facts):
    review_action = fields.String()


class OutcomeInputs(StepInputs):
    outcome = fields.String()


class Outcome(StepOutputs):
    outcome = fields.String()


FIRST: Mapping[str, str] = {"complaint": "contact"}
"""The step a category begins with once it is taken; the others begin with `handle`."""


@step(
    "open_request",
    title="工单入流程（按路由）",
    title_en="Open by the routing table",
    inputs=OpenInputs,
    outputs=Opened,
)
def open_request(
    order: WorkOrder, context: ServiceContext, *, route: Mapping[str, Any], priority: int = 50, grade: str = ""
) -> dict[str, Any]:
    return handing_out.open_request(
        order, instance_id=context.instance_id, priority=priority, grade=grade, route=route, now=context.now
    )


@step(
    "handler_options",
    title="查询承办单位与人员",
    title_en="Look up units and people",
    inputs=RouteInputs,
    outputs=HandlerOptions,
)
def handler_options(order: WorkOrder, context: ServiceContext, *, route: Mapping[str, Any]) -> dict[str, Any]:
    return handing_out.handler_options(order, post=str(route["handle_post"]), now=context.now)


@step(
    "assign_handler",
    title="登记派单（承办单位）",
    title_en="Record the dispatch to a unit",
    inputs=AssignInputs,
    forgets=("handle_unit_choice", "handler_choice", "dispatch_note", "handle_unit_options", "handler_options"),
)
def assign_handler(
    order: WorkOrder,
    context: ServiceContext,
    *,
    route: Mapping[str, Any],
    handle_unit_choice: str,
    handler_choice: str = "",
    dispatch_note: str = "",
) -> dict[str, Any]:
    return handing_out.assign_handler(
        order,
        post=str(route["handle_post"]),
        unit=handle_unit_choice,
        handler=handler_choice,
        note=dispatch_note,
        actor=context.actor,
        now=context.now,
    )


@step("mark_taken_on", title="登记接单（承办）", title_en="Record that it was taken on", inputs=TakeInputs)
def mark_taken_on(order: WorkOrder, context: ServiceContext, *, category: str = "") -> dict[str, Any]:
    first = FIRST.get(category or order.category, "handle")
    return handing_out.mark_taken_on(order, first=first, actor=context.actor, now=context.now)


@step("check_answer", title="校验答复内容", title_en="Check the reply", inputs=ReplyInputs, outputs=Checked)
def check_answer(order: WorkOrder, context: ServiceContext, **values: Any) -> dict[str, Any]:
    found = desk_reply.check_answer(order, _reply(values), actor=context.actor, now=context.now)
    return {"reply_ok": not found, "reply_problems": _in("zh", found), "reply_problems_en": _in("en", found)}


@step(
    "record_reply",
    title="登记回单（承办）",
    title_en="Record the reply",
    inputs=ReplyInputs,
    forgets=("reply_problems", "reply_problems_en", "send_back_reasons", "review_action", "review_note"),
)
def record_reply(order: WorkOrder, context: ServiceContext, **values: Any) -> dict[str, Any]:
    return desk_reply.record_reply(order, _reply(values), actor=context.actor, now=context.now)


@step(
    "send_back_reply",
    title="登记退回承办",
    title_en="Send the reply back",
    inputs=BackInputs,
    outputs=SentBack,
    forgets=("approve_action",),
)
def send_back_reply(
    order: WorkOrder, context: ServiceContext, *, send_back_reasons: list[str] | None = None, review_note: str = ""
) -> dict[str, Any]:
    facts = desk_reply.send_back(
        order, reasons=send_back_reasons or [], note=review_note, actor=context.actor, now=context.now
    )
    return facts | {"review_action": "send_back"}


@step("note_outcome", title="记下结局", title_en="Note the outcome", inputs=OutcomeInputs, outputs=Outcome)
def note_outcome(order: WorkOrder, context: ServiceContext, *, outcome: str) -> dict[str, Any]:
    return {"outcome": outcome}


def _reply(values: Mapping[str, Any]) -> DeskReply:
    return DeskReply(**{name: values.get(f"reply_{name}") or "" for name in REPLY})


def _in(locale: str, codes: list[str]) -> str:
    with force_locale(locale):
        return "\n".join(str(problem_label(code)) for code in codes)
