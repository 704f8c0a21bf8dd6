"""`answer`: take the call. What is played before it, the caller may not hear."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands
from app.telephony.ivr.moment import Moment, Step, Wait
from app.telephony.ivr.verbs.verb import EffectSchema, Verb


class Answer(Verb):
    """Take the call."""

    kind = "answer"
    title = _l("Answer the call")
    icon = "phone-incoming"
    schema = EffectSchema
    needs_caller = True
    effect = True

    def enter(self, moment: Moment) -> Step:
        return Wait(moment.make(commands.Answer))
