"""`play`: play prompts, words and values, and go on."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands
from app.telephony.ivr.digits import KEYS
from app.telephony.ivr.events import Done
from app.telephony.ivr.fields import PiecesField, Truth
from app.telephony.ivr.moment import Go, Moment, Step, Wait
from app.telephony.ivr.pieces import Piece
from app.telephony.ivr.verbs.verb import EffectSchema, Verb


class PlaySchema(EffectSchema):
    """With `barge_in` any key cuts it short, and the key counts for the menu that follows."""

    prompt = PiecesField(needed=True)
    barge_in = Truth(load_default=True)


class Play(Verb):
    """Play something."""

    kind = "play"
    title = _l("Play")
    icon = "volume"
    schema = PlaySchema
    needs_caller = True
    effect = True

    def enter(self, moment: Moment) -> Step:
        return play(moment, moment.pieces(moment.spec["prompt"]), barge_in=moment.spec["barge_in"])

    def done(self, moment: Moment, event: Done) -> Step:
        return Go(typed=typed(moment, event))


def play(moment: Moment, pieces: tuple[Piece, ...], *, barge_in: bool) -> Step:
    """Play pieces and wait; nothing to play is nothing to wait for."""
    if not pieces:
        return Go()
    return Wait(moment.make(commands.Play, pieces=pieces, language=moment.language, barge_in=barge_in))


def typed(moment: Moment, event: Done) -> str:
    """Keys that cut it short; none where it could not be cut."""
    keys = event.result.get("digits", "")
    if not moment.spec["barge_in"] or not isinstance(keys, str):
        return ""
    return "".join(key for key in keys[:40] if key in KEYS)
