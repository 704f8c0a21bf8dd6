"""`tag`: write facts on the record of the call."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands
from app.telephony.ivr.fields import Exprs, Name
from app.telephony.ivr.moment import Go, Moment, Step
from app.telephony.ivr.verbs.verb import NextSchema, Verb


class TagSchema(NextSchema):
    """`tags` are names and expressions."""

    tags = Exprs(keys=Name(), required=True)


class Tag(Verb):
    """Write facts on the call's record."""

    kind = "tag"
    title = _l("Tag")
    icon = "tag"
    schema = TagSchema

    def enter(self, moment: Moment) -> Step:
        values = moment.values(moment.spec["tags"])
        return Go(emits=tuple(moment.make(commands.Tag, name=name, value=value) for name, value in values.items()))
