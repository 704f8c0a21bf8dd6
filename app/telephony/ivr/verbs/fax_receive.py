"""`fax_receive`: take a fax on this call (`{file, pages}` under `into`)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands
from app.telephony.ivr.fields import Name, Seconds, Variable
from app.telephony.ivr.moment import Moment, Step, Wait
from app.telephony.ivr.verbs.verb import EffectSchema, Verb


class FaxReceiveSchema(EffectSchema):
    """`name` is what the fax is called on the call's record."""

    name = Name(required=True)
    into = Variable()
    timeout = Seconds(10, 600, load_default=120.0)


class FaxReceive(Verb):
    """Take a fax."""

    kind = "fax_receive"
    title = _l("Receive a fax")
    icon = "file-import"
    schema = FaxReceiveSchema
    needs_caller = True
    effect = True

    def enter(self, moment: Moment) -> Step:
        spec = moment.spec
        return Wait(moment.make(commands.FaxReceive, name=spec["name"], timeout=spec["timeout"]))
