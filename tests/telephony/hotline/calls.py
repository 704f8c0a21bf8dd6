"""Calls to the 95598 line through the interpreter, with the real questions, processes and files behind it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from app.kernel import db, files
from app.kernel.clock import FrozenClock
from app.telephony import folder
from app.telephony.ivr import commands as c
from app.telephony.ivr.events import Done, Event, Failed
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.phone import Phone
from app.telephony.ivr.pieces import Piece, Prompt
from app.telephony.line import services
from app.telephony.line.services import About, Refused
from app.telephony.prompts.texts import text_of
from tests.telephony.prompts.conftest import tone

EFFECTS = tuple(services.SERVICES)


@dataclass
class Call:
    """A caller with fingers and a voice. What the line asks of the house is really done."""

    clock: FrozenClock
    number: str = "13800138000"
    id: str = "c-1"
    entry: str = "line_95598"
    queue: dict[str, Any] = field(default_factory=lambda: {"outcome": "no_agents", "waited": 0, "talked": 0})
    seconds: float = 6.0
    flows: FlowSet = field(default_factory=folder.load)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        facts = {"id": self.id, "number": self.number, "called": "95598"}
        self.phone = Phone.call(self.flows, self.entry, facts, self.clock.now())
        self._settle()

    def press(self, *keys: str) -> Call:
        for key in "".join(keys):
            assert self.phone.press(key), f"nothing takes {key} at {self.at}"
            self._settle()
        return self

    def wait(self) -> Call:
        assert self.phone.wait()
        self._settle()
        return self

    def hang_up(self) -> Call:
        self.phone.hang_up()
        self._settle()
        return self

    @property
    def at(self) -> str:
        return f"{self.phone.state.flow}/{self.phone.state.node}"

    def heard(self) -> list[str]:
        """What was said: keys of prompts, texts, values."""
        spoken = [entry for entry in self.phone.log if isinstance(entry, c.Play | c.Gather)]
        return [_word(piece) for entry in spoken for piece in entry.pieces]

    def words(self) -> str:
        """What was said in Chinese."""
        return "".join(text_of(word, "zh") if "." in word and word.islower() else word for word in self.heard())

    def _settle(self) -> None:
        while (asked := self.phone.waiting) is not None and not isinstance(asked, c.Gather):
            self.phone.answer(self._done(asked))

    def _done(self, asked: c.Command) -> Event:
        about = About(self.id, self.number, self.phone.state.language, self.clock.now())
        try:
            match asked:
                case c.Queue():
                    return Done(asked.id, self.queue)
                case c.Record():
                    kept = self._recorded(about)
                    return Done(asked.id, {"file": str(kept), "seconds": self.seconds})
                case _ if isinstance(asked, EFFECTS):
                    return Done(asked.id, services.carry_out(asked, about))
        except Refused as refused:
            self.refused.append(refused.code)
            return Failed(asked.id, refused.code, refused.detail)
        raise AssertionError(f"nobody does {asked}")

    def _recorded(self, about: About) -> int:
        sound = io.BytesIO(tone(1.0, rate=8000, channels=1))
        return db.run(
            lambda: files.save(sound, "message.wav", actor=services.IVR, now=about.now, allowed=files.AUDIO).id
        )


def _word(piece: Piece) -> str:
    match piece:
        case Prompt(key):
            return key
        case _:
            return str(getattr(piece, "text", None) or getattr(piece, "value", ""))
