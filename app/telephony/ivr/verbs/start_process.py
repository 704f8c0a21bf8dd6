"""`start_process`: start a process of the engine with what the caller said."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands
from app.telephony.ivr.fields import ExprField, Exprs, Registered
from app.telephony.ivr.moment import Moment, Step, Wait
from app.telephony.ivr.verbs.verb import AskingSchema, Verb


class StartProcessSchema(AskingSchema):
    """`data` are its variables; `{instance_id, business_key}` goes under `into`."""

    process = Registered(required=True)
    data = Exprs(load_default=dict)
    business_key = ExprField()
    unit = ExprField()
    subject = ExprField()
    subject_en = ExprField()


class StartProcess(Verb):
    """Start a process."""

    kind = "start_process"
    title = _l("Start a process")
    icon = "player-play"
    schema = StartProcessSchema
    effect = True

    def enter(self, moment: Moment) -> Step:
        spec = moment.spec
        optional = {
            name: moment.text(spec[key])
            for name, key in (
                ("business_key", "business_key"),
                ("unit", "unit"),
                ("title", "subject"),
                ("title_en", "subject_en"),
            )
            if key in spec
        }
        start = moment.make(
            commands.StartProcess,
            process=spec["process"],
            data=moment.values(spec["data"]),
            timeout=spec["timeout"],
            **optional,
        )
        return Wait(start)
