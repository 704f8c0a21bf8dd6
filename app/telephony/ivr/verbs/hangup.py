"""`hangup`: say goodbye, and end the call."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from app.telephony.ivr import commands
from app.telephony.ivr.events import Event
from app.telephony.ivr.fields import ONE_OF, PiecesField
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import Moment, Over, Step, Wait
from app.telephony.ivr.verbs.verb import NodeSchema, Verb

CAUSES = (
    "NORMAL_CLEARING",
    "USER_BUSY",
    "NO_ANSWER",
    "CALL_REJECTED",
    "NORMAL_TEMPORARY_FAILURE",
    "SERVICE_UNAVAILABLE",
)
"""Causes (Q.850) that a flow may give the network."""


class HangupSchema(NodeSchema):
    """`prompt` is heard to its end first."""

    prompt = PiecesField()
    cause = fields.String(load_default="NORMAL_CLEARING", validate=validate.OneOf(CAUSES, error=ONE_OF))


class Hangup(Verb):
    """End the call."""

    kind = "hangup"
    title = _l("Hang up")
    icon = "phone-off"
    schema = HangupSchema
    needs_caller = True

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        return ()

    def enter(self, moment: Moment) -> Step:
        pieces = moment.pieces(moment.spec["prompt"])
        if not pieces:
            return Over(moment.spec["cause"])
        return Wait(moment.make(commands.Play, pieces=pieces, language=moment.language, barge_in=False))

    def resume(self, moment: Moment, event: Event) -> Step:
        """Also where the goodbye could not be played."""
        return Over(moment.spec["cause"])
