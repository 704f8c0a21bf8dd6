"""`fax_send`: fax a document, on this call or to a number."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands
from app.telephony.ivr.events import Done
from app.telephony.ivr.fields import ExprField, Exprs, Registered, TargetField, Variable
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import Go, Moment, Step, Wait
from app.telephony.ivr.verbs.verb import EffectSchema, Verb, kept, optional


class FaxSendSchema(EffectSchema):
    """Without `number` the page is sent on this call; `failed` is where it leads when it does not arrive."""

    document = Registered(required=True)
    inputs = Exprs(load_default=dict)
    number = ExprField()
    into = Variable()
    failed = TargetField()


class FaxSend(Verb):
    """Fax a document."""

    kind = "fax_send"
    title = _l("Send a fax")
    icon = "file-export"
    schema = FaxSendSchema
    effect = True

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        return optional(node, "next", "failed")

    def enter(self, moment: Moment) -> Step:
        spec = moment.spec
        fax = moment.make(
            commands.FaxSend,
            document=spec["document"],
            inputs=moment.values(spec["inputs"]),
            language=moment.language,
            number=moment.text(spec["number"]) if "number" in spec else None,
        )
        return Wait(fax)

    def done(self, moment: Moment, event: Done) -> Step:
        arrived = event.result.get("outcome") in ("sent", "queued")
        label = "failed" if not arrived and moment.spec.get("failed") else "next"
        return Go(label, sets=kept(moment, event))
