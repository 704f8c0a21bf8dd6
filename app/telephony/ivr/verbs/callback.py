"""`callback`: keep the caller's place and have an agent call back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands
from app.telephony.ivr.fields import ExprField, Exprs, Registered, Variable
from app.telephony.ivr.moment import Fail, Moment, Step, Wait
from app.telephony.ivr.verbs.verb import EffectSchema, Verb


class CallbackSchema(EffectSchema):
    """`number` is where to call (by default the caller's), `at` an ISO instant for a callback at a time."""

    queue = Registered(required=True)
    number = ExprField()
    at = ExprField()
    values = Exprs(load_default=dict)
    into = Variable()


class Callback(Verb):
    """Have an agent call back."""

    kind = "callback"
    title = _l("Callback")
    icon = "phone-outgoing"
    schema = CallbackSchema
    effect = True

    def enter(self, moment: Moment) -> Step:
        spec = moment.spec
        number = moment.text(spec["number"]) if "number" in spec else str(moment.call.get("number") or "")
        if not number:
            return Fail("missing_value")
        callback = moment.make(
            commands.Callback,
            queue=spec["queue"],
            number=number,
            language=moment.language,
            at=moment.text(spec["at"]) if "at" in spec else None,
            values=moment.values(spec["values"]),
        )
        return Wait(callback)
