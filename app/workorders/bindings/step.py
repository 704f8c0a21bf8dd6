"""Register a step of an order: fetch the order, read the values, do the step, move its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from app.kernel.registry import ServiceContext, registry
from app.workorders.models import WorkOrder
from app.workorders.operations import limits
from app.workorders.operations.find import get_order

Work = Callable[..., Mapping[str, Any] | None]

LIMITS = ("closes", "meets", "starts")


class Names(fields.Field[list[str]]):
    """Names separated by commas in a diagram's parameter, or a list."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        parts = value.split(",") if isinstance(value, str) else [str(part) for part in value or ()]
        return [part.strip() for part in parts if part.strip()]


class StepInputs(Schema):
    """What every step understands."""

    meets = Names(allow_none=True)
    starts = Names(allow_none=True)
    closes = Names(allow_none=True)


class StepOutputs(Schema):
    """What every step tells: when the running limits end, by stage (ISO 8601)."""

    limits = fields.Dict(fields.String(), fields.String())


class Facts(StepOutputs):
    """What most steps tell the diagram (`operations.find.facts`)."""

    order_id = fields.Integer()
    number = fields.String()
    unit = fields.String()
    handle_unit = fields.String()
    handler = fields.String()
    category = fields.String()
    sub_type = fields.String()
    grade = fields.String()
    secrecy = fields.String()
    phase = fields.String()
    priority = fields.Integer()
    crew_unit = fields.String()
    leader = fields.String()
    returns = fields.Integer()


def step(
    name: str,
    *,
    title: str,
    title_en: str,
    inputs: type[StepInputs] = StepInputs,
    outputs: type[StepOutputs] = Facts,
    forgets: tuple[str, ...] = (),
) -> Callable[[Work], Work]:
    """Register `work(order, context, **values) -> outputs` as the inline service `workorders.<name>`.

    `forgets` names form variables that are emptied afterwards, so that a form that comes
    again comes empty. Every step also tells `limits`, the ends of the running limits by
    stage, so that a task is due when its limit is: `camunda:dueDate="${limits.arrive}"`.
    """

    def register(work: Work) -> Work:
        def handle(context: ServiceContext, **given: Any) -> Mapping[str, Any]:
            order = get_order(int(context.data["order_id"]))
            values = read(inputs, context.data, given)
            moves = {kind: values.pop(kind, None) or () for kind in LIMITS}
            told = dict(work(order, context, **values) or {})
            _move_limits(order, context, moves)
            return told | dict.fromkeys(forgets) | {"limits": limits.dues(order)}

        registry.service(
            f"workorders.{name}",
            title=title,
            title_en=title_en,
            inputs=inputs,
            # what is forgotten is written too: a schema writes only what it declares
            outputs=outputs.from_dict({name: fields.Raw(allow_none=True) for name in forgets}),
            inline=True,
        )(handle)
        return work

    return register


def read(schema: type[Schema], data: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a schema's fields: from the variables, `given` going before; absent and null ones left out.

    Limits are read from `given` alone: a variable of such a name is not meant.
    """
    wanted = schema().fields
    found = {name: data[name] for name in wanted if name in data and name not in LIMITS}
    found = {name: value for name, value in found.items() if value is not None and value != ""}
    loaded = dict(schema(unknown=EXCLUDE).load(found))
    return loaded | {name: value for name, value in given.items() if value is not None}


def _move_limits(order: WorkOrder, context: ServiceContext, moves: Mapping[str, Any]) -> None:
    actor, now = context.actor, context.now
    if moves["closes"]:
        limits.close_all(order, actor=actor, now=now, stages=moves["closes"])
    if moves["meets"]:
        limits.meet(order, moves["meets"], actor=actor, now=now)
    if moves["starts"]:
        limits.begin(order, moves["starts"], actor=actor, now=now)
