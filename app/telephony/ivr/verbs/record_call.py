"""`record_call`: record the whole call from here on, or no more."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from app.telephony.ivr import commands
from app.telephony.ivr.events import Done
from app.telephony.ivr.fields import PiecesField, Truth
from app.telephony.ivr.moment import Go, Moment, Step, Wait
from app.telephony.ivr.verbs.verb import EffectSchema, Verb


class RecordCallSchema(EffectSchema):
    """`prompt` tells the caller that the call is recorded, to its end, before it is. `stop` ends the recording."""

    prompt = PiecesField()
    stop = Truth(load_default=False)

    @validates_schema
    def told(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Nobody is recorded who was not told."""
        if not data.get("stop") and not data.get("prompt"):
            raise ValidationError(_("whoever is recorded is told so first: a prompt is needed"), "prompt")


class RecordCall(Verb):
    """Record the whole call. `scratch["phase"]` is what it waits for: nothing (the prompt), `record`."""

    kind = "record_call"
    title = _l("Record the call")
    icon = "player-record"
    schema = RecordCallSchema
    needs_caller = True
    effect = True

    def enter(self, moment: Moment) -> Step:
        pieces = moment.pieces(moment.spec["prompt"]) if "prompt" in moment.spec else ()
        if not pieces:
            return self._record(moment)
        return Wait(moment.make(commands.Play, pieces=pieces, language=moment.language, barge_in=False))

    def done(self, moment: Moment, event: Done) -> Step:
        return self._record(moment) if moment.scratch.get("phase") is None else Go()

    def _record(self, moment: Moment) -> Step:
        return Wait(moment.make(commands.RecordCall, on=not moment.spec["stop"]), {"phase": "record"})
