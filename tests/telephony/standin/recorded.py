"""Reading the recordings: frames as kind, headers, event and text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.telephony.esl import Framer
from app.telephony.esl.events import EVENTS, Event, of_headers, read
from app.telephony.esl.framing import Frame

FOLDER = Path(__file__).parents[1] / "recordings"


@dataclass(frozen=True)
class Heard:
    """One line of a recording, or one frame of the stand-in."""

    at: float
    to_switch: bool
    text: str
    frame: Frame | None = None

    @property
    def event(self) -> Event | None:
        if self.frame is None:
            return None
        if self.frame.kind in EVENTS:
            return read(self.frame)
        return of_headers(self.frame) if "Event-Name" in self.frame.headers else None


def recording(name: str) -> list[Heard]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text().splitlines()]
    heard = []
    for line in lines:
        if line["dir"] == ">":
            heard.append(Heard(line["t"], True, line["data"]))
        else:
            (frame,) = Framer().feed(line["data"].encode())
            heard.append(Heard(line["t"], False, line["data"], frame))
    return heard
