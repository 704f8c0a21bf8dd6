"""Limits in diagrams: move them at a step, watch one until its next threshold, escalate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, fields

from app.kernel.registry import ServiceContext, registry
from app.workorders.bindings.step import step
from app.workorders.models import WorkOrder
from app.workorders.operations import escalation


class ThresholdInputs(Schema):
    """`steps` are rows of the escalation table: percent and post."""

    limit_id = fields.Integer(required=True)
    steps = fields.List(fields.Dict(), required=True)


class ThresholdOutputs(Schema):
    """`watch` is `wait`, `paused` or `over`; the others are given with `wait`."""

    watch = fields.String()
    percent = fields.Integer()
    posts = fields.List(fields.String())
    next_at = fields.String()


class EscalateInputs(Schema):
    limit_id = fields.Integer(required=True)
    percent = fields.Integer(required=True)
    posts = fields.List(fields.String(), required=True)


class EscalateOutputs(Schema):
    told = fields.List(fields.String())


@step("move_limits", title="调整时限", title_en="Move limits")
def move_limits(order: WorkOrder, context: ServiceContext) -> dict[str, Any]:
    """Nothing but what the parameters `meets`, `starts` and `closes` say."""
    return {}


@registry.service(
    "workorders.next_threshold",
    title="计算下一预警点",
    title_en="Find the next threshold",
    inputs=ThresholdInputs,
    outputs=ThresholdOutputs,
    inline=True,
)
def next_threshold(context: ServiceContext, *, limit_id: int, steps: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return escalation.next_threshold(limit_id, steps)


@registry.service(
    "workorders.escalate",
    title="预警升级",
    title_en="Escalate",
    inputs=EscalateInputs,
    outputs=EscalateOutputs,
    inline=True,
)
def escalate(context: ServiceContext, *, limit_id: int, percent: int, posts: Sequence[str]) -> Mapping[str, Any]:
    told = escalation.escalate(limit_id, percent=percent, posts=posts, actor=context.actor, now=context.now)
    return {"told": told}
