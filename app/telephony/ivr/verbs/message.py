"""`message`: tell a running process something."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands
from app.telephony.ivr.events import Done
from app.telephony.ivr.fields import Exprs, Registered, TargetField
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import Fail, Go, Moment, Step, Wait
from app.telephony.ivr.verbs.verb import AskingSchema, Verb, kept, optional


class MessageSchema(AskingSchema):
    """`nobody` is where it leads when no process waits for it, by default `next`."""

    message = Registered(required=True)
    correlation = Exprs(required=True)
    payload = Exprs(load_default=dict)
    nobody = TargetField()


class Message(Verb):
    """Tell a running process something."""

    kind = "message"
    title = _l("Message to a process")
    icon = "mail-forward"
    schema = MessageSchema
    effect = True

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        return optional(node, "next", "nobody")

    def enter(self, moment: Moment) -> Step:
        spec = moment.spec
        correlation = moment.values(spec["correlation"])
        if not correlation or any(value is None for value in correlation.values()):
            return Fail("missing_value")
        message = moment.make(
            commands.Message,
            message=spec["message"],
            correlation=correlation,
            payload=moment.values(spec["payload"]),
            timeout=spec["timeout"],
        )
        return Wait(message)

    def done(self, moment: Moment, event: Done) -> Step:
        nobody = not event.result.get("instances") and moment.spec.get("nobody")
        return Go("nobody" if nobody else "next", sets=kept(moment, event))
