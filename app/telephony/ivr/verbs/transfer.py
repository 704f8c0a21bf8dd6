"""`transfer`: join the caller to a number and come back (`bridge`), or hand the call over for good (`blind`)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validate, validates_schema

from app.telephony.ivr import commands
from app.telephony.ivr.events import Done, Event, Failed
from app.telephony.ivr.fields import ONE_OF, ExprField, PiecesField, Seconds, TargetField, Variable
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import Fail, Go, Moment, Over, Step, Wait
from app.telephony.ivr.verbs.verb import NodeSchema, Verb, kept, optional

OUTCOMES = ("answered", "busy", "no_answer", "failed")


class TransferSchema(NodeSchema):
    """After a bridge `next` follows the talk; `busy`, `no_answer` and `failed` lead there too, unless stated.

    `recorded` is said before the talk is recorded; without it, it is not.
    """

    number = ExprField(required=True)
    mode = fields.String(load_default="bridge", validate=validate.OneOf(["bridge", "blind"], error=ONE_OF))
    timeout = Seconds(5, 120, load_default=30.0)
    recorded = PiecesField()
    into = Variable()
    next = TargetField()
    busy = TargetField()
    no_answer = TargetField()
    failed = TargetField()
    on_error = TargetField()

    @validates_schema
    def way_on(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A bridge comes back; what was handed over does not."""
        if data.get("mode", "bridge") == "bridge" and "next" not in data:
            raise ValidationError(_("Missing data for required field."), "next")
        if data.get("mode") == "blind" and (stated := {"next", "busy", "no_answer", "into", "recorded"} & set(data)):
            raise ValidationError(_("has no meaning where the call is handed over for good"), min(stated))


class Transfer(Verb):
    """Join the caller to a number."""

    kind = "transfer"
    title = _l("Transfer")
    icon = "phone-call"
    schema = TransferSchema
    needs_caller = True
    effect = True

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        return optional(node, "next", "busy", "no_answer", "failed")

    def silent(self, exit_: Exit, node: Node) -> bool:
        """After a talk it is not silent."""
        if exit_.label == "next":
            return not all(node.spec.get(outcome) for outcome in ("busy", "no_answer", "failed"))
        return super().silent(exit_, node)

    def enter(self, moment: Moment) -> Step:
        number = moment.text(moment.spec["number"])
        if moment.spec["mode"] == "blind":
            return Wait(moment.make(commands.Transfer, number=number))
        recorded = moment.pieces(moment.spec["recorded"]) if "recorded" in moment.spec else ()
        return Wait(
            moment.make(
                commands.Bridge,
                number=number,
                language=moment.language,
                timeout=moment.spec["timeout"],
                recorded=recorded,
            )
        )

    def done(self, moment: Moment, event: Done) -> Step:
        if moment.spec["mode"] == "blind":
            return Over()
        outcome = event.result.get("outcome")
        if outcome not in OUTCOMES:
            return Fail("bad_result")
        label = outcome if outcome != "answered" and moment.spec.get(outcome) else "next"
        return Go(label, sets=kept(moment, event))

    def resume(self, moment: Moment, event: Event) -> Step:
        if isinstance(event, Failed) and moment.spec["mode"] == "blind" and moment.spec.get("failed"):
            return Go("failed")
        return super().resume(moment, event)
