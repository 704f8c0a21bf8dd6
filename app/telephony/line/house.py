"""What all sessions of a process share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from app.telephony.calls import Recorder
from app.telephony.config import Telephony
from app.telephony.esl import Event, Link
from app.telephony.ivr.flow import FlowSet
from app.telephony.line.live import Live
from app.telephony.line.saying import Saying
from app.telephony.line.workers import Workers
from app.telephony.outbound.operations import Claimed


@dataclass(slots=True)
class House:
    """Given to each session. `flows` gives the published flows of now; `link` is None without a FreeSWITCH."""

    telephony: Telephony
    workers: Workers
    saying: Saying
    recorder: Recorder
    flows: Callable[[], FlowSet | None]
    now: Callable[[], datetime]
    link: Link | None = None
    live: Live = field(default_factory=Live)
    queue_bounds: dict[str, int] = field(default_factory=dict)
    """By queue how many callers may wait in it; 0 is no bound."""
    unrecorded: frozenset[str] = frozenset()
    """Queues whose talks are not recorded."""
    handling_seconds: float | None = None
    """How long agents talked on the mean of the last weeks: no wait is announced before somebody has."""
    outgoing: dict[str, Claimed] = field(default_factory=dict)
    """Calls that we are making, by the uuid of their channel."""
    ends: dict[str, Callable[[Event], None]] = field(default_factory=dict)
    """Who waits for the end of a channel that has no socket of ours, by its uuid."""
    faxing: int = 0
    rescue_sound: str = ""
    """What to play as an apology where nothing else works: a file, or a tone."""

    def hung_up(self, event: Event) -> None:
        """A channel of the switch ended: who waits for it is told."""
        told = self.ends.pop(event.get("Unique-ID"), None)
        if told is not None:
            told(event)
