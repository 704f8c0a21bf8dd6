"""`voicemail`: record the caller into a mailbox that people read."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands
from app.telephony.ivr.fields import ExprField, Exprs, Name, Variable
from app.telephony.ivr.moment import Moment, Step, Wait
from app.telephony.ivr.verbs.recording import Recording, RecordingSchema


class VoicemailSchema(RecordingSchema):
    """`box` is the mailbox, `number` where to call back (by default the caller's), `values` what readers see."""

    box = Name(required=True)
    number = ExprField()
    values = Exprs(load_default=dict)
    into = Variable()


class Voicemail(Recording):
    """Record into a mailbox."""

    kind = "voicemail"
    title = _l("Voicemail")
    icon = "mailbox"
    schema = VoicemailSchema

    def name_of(self, moment: Moment) -> str:
        return str(moment.spec["box"])

    def recorded(self, moment: Moment, made: dict[str, Any]) -> Step:
        spec = moment.spec
        number = moment.text(spec["number"]) if "number" in spec else str(moment.call.get("number") or "")
        keep = moment.make(
            commands.Voicemail,
            box=spec["box"],
            file=made["file"],
            seconds=made["seconds"],
            number=number,
            values=moment.values(spec["values"]),
        )
        return Wait(keep, {"phase": "keep"})
