"""`lookup`: ask what a domain registered (`kernel.registry.lookups`); may identify the caller."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from app.telephony.ivr import commands
from app.telephony.ivr.events import Done
from app.telephony.ivr.fields import ExprField, Exprs, Registered, Strict, TargetField
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import Go, Moment, Step, Wait
from app.telephony.ivr.verbs.verb import AskingSchema, Verb, kept, optional, plain


class IdentifiesSchema(Strict):
    """The caller is identified as the account `as` where `when` holds of `result`; else the exit is `refused`."""

    when = ExprField(required=True)
    account = ExprField(required=True, data_key="as")
    refused = TargetField(required=True)


class LookupSchema(AskingSchema):
    """The answer goes under `into`."""

    lookup = Registered(required=True)
    inputs = Exprs(load_default=dict)
    identifies = fields.Nested(IdentifiesSchema)


class Lookup(Verb):
    """Ask a domain."""

    kind = "lookup"
    title = _l("Look up")
    icon = "database-search"
    schema = LookupSchema
    local_names = frozenset({"result"})
    effect = True

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        identifies = node.spec.get("identifies")
        return (*optional(node, "next"), *([Exit("refused", identifies["refused"])] if identifies else []))

    def enter(self, moment: Moment) -> Step:
        spec = moment.spec
        return ask(moment, spec["lookup"], moment.values(spec["inputs"]), spec["timeout"])

    def done(self, moment: Moment, event: Done) -> Step:
        sets = kept(moment, event)
        identifies = moment.spec.get("identifies")
        if identifies is None:
            return Go(sets=sets)
        result = plain(event.result)
        if not moment.true(identifies["when"], **sets, result=result):
            return Go("refused", sets=sets)
        return Go(sets=sets, identified=moment.text(identifies["account"], **sets, result=result))


def ask(moment: Moment, name: str, inputs: dict[str, object], timeout: float) -> Step:
    """Wait for the answer of a lookup."""
    return Wait(moment.make(commands.Lookup, name=name, inputs=inputs, timeout=timeout, identified=moment.identified))
