"""`goto`: go on elsewhere, in this flow or, without coming back, in another."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr.fields import TargetField
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import Go, Moment, Step
from app.telephony.ivr.verbs.verb import NodeSchema, Verb


class GotoSchema(NodeSchema):
    """`to` is a node or `flow:NAME`, whose inputs get the values of variables of the same name."""

    to = TargetField(required=True)


class Goto(Verb):
    """Go on elsewhere."""

    kind = "goto"
    title = _l("Go to")
    icon = "arrow-forward"
    schema = GotoSchema

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        return (Exit("next", node.spec["to"]),)

    def enter(self, moment: Moment) -> Step:
        return Go()
