"""Steps of a 督办 (`bpmn/supervision_order/`). Each reads what the form before it left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from app.kernel.db import session
from app.kernel.registry import ServiceContext, registry
from app.supervision.models import SupervisionOrder
from app.supervision.operations import supervising_steps as steps


class AskInputs(Schema):
    """`rule` is the row of the table `supervision_limits`."""

    rule = fields.Dict()


class AskOutputs(Schema):
    head_unit = fields.String()
    answer_due = fields.String()
    round = fields.Integer()
    priority = fields.Integer()


class Answer(Schema):
    cause = fields.String()
    measures = fields.String()


class VerdictInputs(Schema):
    verdict = fields.String()
    verdict_note = fields.String()


class VerdictOutputs(Schema):
    """The round that comes; the words of the form are emptied, what was said stays as `previous_note`."""

    round = fields.Integer()
    previous_note = fields.String()
    verdict_note = fields.Raw(allow_none=True)
    cause = fields.Raw(allow_none=True)
    measures = fields.Raw(allow_none=True)


class Told(Schema):
    told = fields.List(fields.String())


@registry.service(
    "supervision.ask", title="下达督办", title_en="Ask for measures", inputs=AskInputs, outputs=AskOutputs, inline=True
)
def ask(context: ServiceContext, *, rule: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """Who answers, and until when."""
    return steps.ask(_row(context), rule or context.data["rule"], actor=context.actor, now=context.now)


@registry.service(
    "supervision.record_answer",
    title="登记督办答复",
    title_en="Record the answer",
    inputs=Answer,
    outputs=Answer,
    inline=True,
)
def record_answer(context: ServiceContext, **_given: Any) -> Mapping[str, Any]:
    """What the head of the unit answered."""
    data = context.data
    return steps.record_answer(
        _row(context),
        cause=str(data.get("cause") or ""),
        measures=str(data.get("measures") or ""),
        actor=context.actor,
        now=context.now,
    )


@registry.service(
    "supervision.record_verdict",
    title="登记督办评价",
    title_en="Record the verdict",
    inputs=VerdictInputs,
    outputs=VerdictOutputs,
    inline=True,
)
def record_verdict(context: ServiceContext, **_given: Any) -> Mapping[str, Any]:
    """What the department thinks of the answer."""
    verdict = str(context.data.get("verdict") or "again")
    note = str(context.data.get("verdict_note") or "")
    told = steps.record_verdict(_row(context), verdict=verdict, note=note, actor=context.actor, now=context.now)
    return told | {"verdict_note": None, "cause": None, "measures": None}


@registry.service(
    "supervision.escalate", title="督办超期升级", title_en="Escalate a late answer", outputs=Told, inline=True
)
def escalate(context: ServiceContext) -> Mapping[str, Any]:
    """The head above and the department are told."""
    return {"told": steps.escalate(_row(context), actor=context.actor, now=context.now)}


@registry.service("supervision.mark_withdrawn", title="登记督办撤回", title_en="Record the withdrawal", inline=True)
def mark_withdrawn(context: ServiceContext) -> Mapping[str, Any]:
    """The department took it back."""
    steps.end(_row(context), "withdrawn", actor=context.actor, now=context.now)
    return {}


def _row(context: ServiceContext) -> SupervisionOrder:
    return session.get_one(SupervisionOrder, int(context.data["supervision_id"]))
