"""`sms`: send a text message."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands
from app.telephony.ivr.fields import ExprField, Variable
from app.telephony.ivr.moment import Fail, Moment, Step, Wait
from app.telephony.ivr.verbs.verb import EffectSchema, Verb


class SmsSchema(EffectSchema):
    """`text` and `text_en` are expressions over what the flow knows; `to` is by default the caller's number."""

    to = ExprField()
    text = ExprField(required=True)
    text_en = ExprField()
    into = Variable()


class Sms(Verb):
    """Send a text message."""

    kind = "sms"
    title = _l("Text message")
    icon = "message"
    schema = SmsSchema
    effect = True

    def enter(self, moment: Moment) -> Step:
        spec = moment.spec
        to = moment.text(spec["to"]) if "to" in spec else str(moment.call.get("number") or "")
        if not to:
            return Fail("missing_value")
        words = spec["text_en"] if moment.language == "en" and "text_en" in spec else spec["text"]
        return Wait(moment.make(commands.Sms, to=to, text=moment.text(words)))
