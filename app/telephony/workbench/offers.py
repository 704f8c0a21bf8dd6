"""What somebody who tries a call may answer in the place of another: ready answers for each command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from flask_babel import lazy_gettext as _l

from app.telephony.ivr import commands as c
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.transcripts.playing import USUAL

TALK = {"talked": 60}


@dataclass(frozen=True, slots=True)
class Offer:
    """A ready answer: `words` on the button, `answer` as JSON."""

    words: Any
    answer: str


def offers(command: c.Command, flows: FlowSet) -> list[Offer]:
    """Ready answers, the usual one first."""
    match command:
        case c.Queue(keys=keys):
            found = [
                (_l("An agent answers"), {"outcome": "answered", **TALK}),
                *((_l("The caller presses %(key)s", key=key), {"outcome": "key", "key": key}) for key in keys),
                (_l("Waited too long"), {"outcome": "timeout"}),
                (_l("The queue is full"), {"outcome": "full"}),
                (_l("No agents"), {"outcome": "no_agents"}),
            ]
        case c.Record():
            found = [
                (_l("The caller speaks for 12 s"), {"file": "trial.wav", "seconds": 12}),
                (_l("The caller says nothing"), {"file": "trial.wav", "seconds": 0}),
            ]
        case c.Bridge() | c.Transfer():
            found = [
                (_l("Somebody answers"), {"outcome": "answered", **TALK}),
                (_l("Busy"), {"outcome": "busy"}),
                (_l("Nobody answers"), {"outcome": "no_answer"}),
            ]
        case c.FaxSend():
            found = [
                (_l("The fax arrives"), {"id": 1, "outcome": "sent", "pages": 1}),
                (_l("The fax fails"), {"id": 1, "outcome": "failed", "pages": 0}),
            ]
        case c.FaxReceive():
            found = [(_l("The fax arrives"), {"file": "trial.tif", "pages": 1})]
        case c.Lookup(name=name):
            stated = _stated(name, flows)
            usual = [(_l("As usual"), dict(USUAL[name]))] if name in USUAL else []
            found = usual + [
                (_l("As in a transcript (%(n)s)", n=n), answer) for n, answer in enumerate(stated, start=1)
            ]
        case _:
            found = []
    made = [Offer(words, orjson.dumps(answer).decode()) for words, answer in found]
    made.append(Offer(_l("It fails"), '{"error":"unavailable"}'))
    if isinstance(command, (c.Lookup, c.Webhook)):
        made.append(Offer(_l("It takes too long"), '{"timeout":true}'))
    return made


def _stated(name: str, flows: FlowSet) -> list[Any]:
    """Different answers that transcripts state for a look-up."""
    found: list[Any] = []
    for flow in flows:
        for transcript in flow.transcripts:
            for answer in transcript["lookups"].get(name, []):
                if isinstance(answer, dict) and "error" not in answer and answer not in found:
                    found.append(answer)
    return found[:4]
