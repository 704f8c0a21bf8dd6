"""`say`: say one value: a number, digits, money, a date, a time, a duration, a telephone number, energy, words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from app.telephony.ivr.events import Done
from app.telephony.ivr.fields import ONE_OF, ExprField, Truth
from app.telephony.ivr.flow import Say as Value
from app.telephony.ivr.moment import Go, Moment, Step
from app.telephony.ivr.pieces import SPOKEN_KINDS
from app.telephony.ivr.verbs.play import play, typed
from app.telephony.ivr.verbs.verb import EffectSchema, Verb


class SaySchema(EffectSchema):
    """`value` is said as `as`. A value that is not there is an error: half a sentence misleads."""

    value = ExprField(required=True)
    as_kind = fields.String(required=True, data_key="as", validate=validate.OneOf(SPOKEN_KINDS, error=ONE_OF))
    barge_in = Truth(load_default=True)


class Say(Verb):
    """Say a value."""

    kind = "say"
    title = _l("Say a value")
    icon = "volume"
    schema = SaySchema
    needs_caller = True
    effect = True

    def enter(self, moment: Moment) -> Step:
        pieces = moment.pieces([Value(moment.spec["value"], moment.spec["as_kind"])])
        return play(moment, pieces, barge_in=moment.spec["barge_in"])

    def done(self, moment: Moment, event: Done) -> Step:
        return Go(typed=typed(moment, event))
