"""`subflow`: go through another flow and come back."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from app.telephony.ivr.fields import Exprs, Name, TargetField, Variable
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import Descend, Moment, Step
from app.telephony.ivr.verbs.verb import NodeSchema, Verb, optional


class SubflowSchema(NodeSchema):
    """`next` is the exit `done`, `exits` are the others; `outputs` names variables here and outputs there."""

    flow = Name(required=True)
    inputs = Exprs(keys=Name(), load_default=dict)
    outputs = fields.Dict(keys=Variable(), values=Name(), load_default=dict)
    exits = fields.Dict(keys=Name(), values=TargetField(), load_default=dict)
    next = TargetField()
    on_error = TargetField()


class Subflow(Verb):
    """Go through another flow."""

    kind = "subflow"
    title = _l("Subflow")
    icon = "subtask"
    schema = SubflowSchema
    effect = True

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        others = [Exit(f"exit {name}", target, title=name) for name, target in node.spec["exits"].items()]
        return (*optional(node, "next"), *others)

    def enter(self, moment: Moment) -> Step:
        return Descend(moment.spec["flow"], moment.values(moment.spec["inputs"]))

    def sets(self, node: Node) -> Iterable[str]:
        return list(node.spec["outputs"])


def label_of(exit_name: str) -> str:
    """The exit of the subflow node for the exit that the subflow returned by."""
    return "next" if exit_name == "done" else f"exit {exit_name}"
