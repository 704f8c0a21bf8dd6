"""`notice`: what is to be told to everybody now: a greeting in a storm, known outages of the caller's place."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands
from app.telephony.ivr.events import Done
from app.telephony.ivr.fields import Exprs, Name, Registered, Seconds, TargetField, Truth
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import MAX_SPOKEN, Go, Moment, Step, Wait
from app.telephony.ivr.pieces import Piece, Prompt, Text
from app.telephony.ivr.verbs.lookup import ask
from app.telephony.ivr.verbs.play import typed
from app.telephony.ivr.verbs.verb import EffectSchema, Verb, optional

LOOKUP = "telephony.notices"
"""The notices that people switched on. Any lookup may stand in its place that answers
`{"notices": [{"text", "text_en", "prompt"}], "shut": bool}`; `shut` asks to take the exit `shut`."""

MOST = 10


class NoticeSchema(EffectSchema):
    """`none` is where it leads without a notice, by default `next`; `shut` where a notice ends the service."""

    notice = Name(required=True)
    lookup = Registered(load_default=LOOKUP)
    inputs = Exprs(load_default=dict)
    timeout = Seconds(0.5, 60, load_default=5.0)
    barge_in = Truth(load_default=False)
    none = TargetField()
    shut = TargetField()


class Notice(Verb):
    """Tell what is to be told now."""

    kind = "notice"
    title = _l("Notice to callers")
    icon = "speakerphone"
    schema = NoticeSchema
    needs_caller = True
    effect = True

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        return optional(node, "next", "none", "shut")

    def enter(self, moment: Moment) -> Step:
        spec = moment.spec
        inputs = {"name": spec["notice"]} if spec["lookup"] == LOOKUP else {}
        return ask(moment, spec["lookup"], inputs | moment.values(spec["inputs"]), spec["timeout"])

    def done(self, moment: Moment, event: Done) -> Step:
        if moment.scratch.get("told"):
            return Go(moment.scratch["told"], typed=typed(moment, event))
        notices = event.result.get("notices")
        pieces = tuple(
            piece
            for notice in (notices[:MOST] if isinstance(notices, list) else [])
            if (piece := _piece(notice, moment.language)) is not None
        )
        exit_ = "next" if pieces or moment.spec.get("none") is None else "none"
        if event.result.get("shut") is True and moment.spec.get("shut") is not None:
            exit_ = "shut"
        if not pieces:
            return Go(exit_)
        played = moment.make(commands.Play, pieces=pieces, language=moment.language, barge_in=moment.spec["barge_in"])
        return Wait(played, {"told": exit_})


def _piece(notice: object, language: str) -> Piece | None:
    if not isinstance(notice, Mapping):
        return None
    if isinstance(key := notice.get("prompt"), str) and key:
        return Prompt(key)
    words = (notice.get("text_en") if language == "en" else None) or notice.get("text")
    return Text(words[:MAX_SPOKEN]) if isinstance(words, str) and words.strip() else None
