"""What `record` and `voicemail` share: ask the caller to speak, and take it down."""

from __future__ import annotations

from typing import Any

from app.telephony.ivr import commands
from app.telephony.ivr.events import Done
from app.telephony.ivr.fields import PiecesField, Seconds, TargetField, Terminators, Truth
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import Fail, Go, Moment, Step, Wait
from app.telephony.ivr.verbs.verb import EffectSchema, Verb, kept, optional


class RecordingSchema(EffectSchema):
    """`too_short` is where it leads below `min_seconds`, by default `next`."""

    prompt = PiecesField()
    max_seconds = Seconds(1, 600, load_default=60.0)
    min_seconds = Seconds(0, 60, load_default=1.0)
    silence = Seconds(1, 30, load_default=4.0)
    terminators = Terminators(load_default="#")
    beep = Truth(load_default=True)
    too_short = TargetField()


class Recording(Verb):
    """A node that records. `scratch["phase"]` is what it waits for: nothing (the prompt), `record`, `keep`."""

    needs_caller = True
    effect = True

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        return optional(node, "next", "too_short")

    def name_of(self, moment: Moment) -> str:
        """What the recording is called."""
        raise NotImplementedError

    def recorded(self, moment: Moment, made: dict[str, Any]) -> Step:
        """What follows a recording that is long enough: `made` holds `file` and `seconds`."""
        raise NotImplementedError

    def enter(self, moment: Moment) -> Step:
        pieces = moment.pieces(moment.spec["prompt"])
        if not pieces:
            return self.record(moment)
        return Wait(moment.make(commands.Play, pieces=pieces, language=moment.language, barge_in=True))

    def record(self, moment: Moment) -> Step:
        """Take it down."""
        spec = moment.spec
        record = moment.make(
            commands.Record,
            name=self.name_of(moment),
            max_seconds=spec["max_seconds"],
            min_seconds=spec["min_seconds"],
            silence=spec["silence"],
            terminators=spec["terminators"],
            beep=spec["beep"],
        )
        return Wait(record, {"phase": "record"})

    def done(self, moment: Moment, event: Done) -> Step:
        phase = moment.scratch.get("phase")
        if phase is None:
            return self.record(moment)
        if phase == "keep":
            return Go(sets=kept(moment, event))
        seconds, file = event.result.get("seconds"), event.result.get("file")
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not isinstance(file, str):
            return Fail("bad_result")
        if seconds < moment.spec["min_seconds"]:
            return Go("too_short" if moment.spec.get("too_short") else "next")
        return self.recorded(moment, {"file": file, "seconds": float(seconds)})
