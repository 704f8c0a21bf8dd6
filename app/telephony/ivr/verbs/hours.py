"""`hours`: whether it is within the opening hours of that name: working days, holidays and overrides are data."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr.events import Done
from app.telephony.ivr.fields import Name, TargetField
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import Fail, Go, Moment, Step
from app.telephony.ivr.verbs.lookup import ask
from app.telephony.ivr.verbs.verb import NodeSchema, Verb, optional

LOOKUP = "telephony.hours"
"""Answers `{"state": "open" | "closed" | "holiday"}`."""


class HoursSchema(NodeSchema):
    """`holiday` is `closed` where it is not stated."""

    hours = Name(required=True)
    open = TargetField(required=True)
    closed = TargetField(required=True)
    holiday = TargetField()
    on_error = TargetField()


class Hours(Verb):
    """Ask for opening hours."""

    kind = "hours"
    title = _l("Opening hours")
    icon = "clock"
    schema = HoursSchema
    effect = True

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        return optional(node, "open", "closed", "holiday")

    def enter(self, moment: Moment) -> Step:
        return ask(moment, LOOKUP, {"name": moment.spec["hours"]}, 5.0)

    def done(self, moment: Moment, event: Done) -> Step:
        state = event.result.get("state")
        if state == "holiday" and moment.spec.get("holiday") is None:
            state = "closed"
        return Go(state) if state in ("open", "closed", "holiday") else Fail("bad_result")
