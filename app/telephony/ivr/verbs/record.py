"""`record`: record the caller, for a later step to carry on (`{file, seconds}` under `into`)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.telephony.ivr.fields import Name, Variable
from app.telephony.ivr.moment import Go, Moment, Step
from app.telephony.ivr.verbs.recording import Recording, RecordingSchema


class RecordSchema(RecordingSchema):
    """`name` is what the recording is called on the call's record."""

    name = Name(required=True)
    into = Variable(required=True)


class Record(Recording):
    """Record the caller."""

    kind = "record"
    title = _l("Record")
    icon = "microphone"
    schema = RecordSchema

    def name_of(self, moment: Moment) -> str:
        return str(moment.spec["name"])

    def recorded(self, moment: Moment, made: dict[str, Any]) -> Step:
        return Go(sets={moment.spec["into"]: made})
