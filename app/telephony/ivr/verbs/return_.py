"""`return`: the end of a subflow, by one of the exits that the flow names."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr.fields import Name
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node, Target
from app.telephony.ivr.moment import Go, Moment, Step
from app.telephony.ivr.verbs.verb import NodeSchema, Verb


class ReturnSchema(NodeSchema):
    """`exit` is one of the flow's `exits`."""

    exit = Name(load_default="done")


class Return(Verb):
    """End a subflow."""

    kind = "return"
    title = _l("Return")
    icon = "arrow-back-up"
    schema = ReturnSchema

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        return (Exit("next", Target("return", node.spec["exit"])),)

    def enter(self, moment: Moment) -> Step:
        return Go()
