"""A telephone without a line: plays a flow for transcripts, the terminal and the browser.

It carries out by itself what needs nobody (answering, playing, taking keys by `digits`), keeps what was heard
and done, and stops where a person or another system must say what happens. Its clock is a number of seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from app.telephony.ivr import commands as c
from app.telephony.ivr import machine
from app.telephony.ivr.digits import Collector, collect
from app.telephony.ivr.events import Done, Event, Failed, Hangup
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.state import State

SECONDS_A_PIECE = 3.0
"""How long one thing that is played is taken to last."""


@dataclass(slots=True)
class Phone:
    """One call being tried. `waiting` is the command that somebody must answer; None once the call is over.

    What waits at a node of `failing` (`flow/node`) fails with the error that stands there; `failed` are those.
    """

    flows: FlowSet
    state: State
    now: datetime
    waiting: c.Command | None = None
    collector: Collector | None = None
    clock: float = 0.0
    log: list[c.Command] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    transferred: bool = False
    failing: Mapping[str, str] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    @classmethod
    def call(
        cls,
        flows: FlowSet,
        name: str,
        call: Mapping[str, Any],
        now: datetime,
        failing: Mapping[str, str] = MappingProxyType({}),
    ) -> Phone:
        """Dial. Raises machine.UnknownFlow."""
        state, commands = machine.begin(flows, name, call, now)
        phone = cls(flows, state, now, failing=failing)
        phone._take(state, commands)
        return phone

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self.state.ended

    def answer(self, event: Event) -> None:
        """Say what became of the command that waits."""
        self.collector = None
        if isinstance(event, Done) and isinstance(self.waiting, c.Transfer):
            self.transferred = True
        self._take(*machine.step(self.flows, self.state, event, self.instant()))

    def instant(self) -> datetime:
        """What time it is in the call."""
        return self.now + timedelta(seconds=self.clock)

    def press(self, key: str) -> bool:
        """One key, after what plays has been heard as far as it cannot be cut short. Whether anything took it."""
        if self.collector is None:
            return False
        if self.collector.playing and not self.collector.wanted.barge_in:
            self._heard()
        self.clock += 0.3
        collector, taken = self.collector.press(key, self.clock)
        self.collector = collector
        if taken is not None:
            self.answer(taken)
        return True

    def wait(self) -> bool:
        """Do nothing until the time for keys has run out. Whether anything was waiting for keys."""
        if self.collector is None:
            return False
        self._heard()
        if self.collector.deadline is not None:
            self.clock = max(self.clock, self.collector.deadline)
        self.answer(self.collector.expired())
        return True

    def hang_up(self, cause: str = "NORMAL_CLEARING") -> None:
        """The caller hangs up."""
        self._take(*machine.step(self.flows, self.state, Hangup(cause), self.instant()))

    def _heard(self) -> None:
        if self.collector is not None and self.collector.playing:
            self.clock += SECONDS_A_PIECE * len(self.collector.wanted.pieces)
            self.collector = self.collector.played(self.clock)

    def _take(self, state: State, commands: tuple[c.Command, ...]) -> None:
        event = self._note(state, commands)
        while event is not None:
            event = self._note(*machine.step(self.flows, self.state, event, self.instant()))

    def _note(self, state: State, commands: tuple[c.Command, ...]) -> Event | None:
        """Keep what a step did; the answer, where the command that waits answers itself."""
        self.left += state.left if commands or state.ended else ()
        self.state = state
        self.log += commands
        asked = next((command for command in commands if command.waits), None)
        if asked is not None:
            self.waiting, self.collector = asked, None
        elif not state.pending:
            self.waiting = self.collector = None
        place = f"{state.flow}/{state.node}"
        if asked is not None and place in self.failing:
            self.failed.add(place)
            return Failed(error=self.failing[place])
        match asked:
            case c.Answer() | c.RecordCall():
                return Done()
            case c.Play(pieces=pieces):
                self.clock += SECONDS_A_PIECE * len(pieces)
                return Done()
            case c.Gather() as gather:
                self.collector, taken = collect(gather, self.clock)
                return taken
            case _:
                return None


DEFAULT_RESULTS: dict[type[c.Command], Mapping[str, Any]] = {
    c.Voicemail: {"id": 1},
    c.Callback: {"id": 1},
    c.Survey: {},
    c.StartProcess: {"instance_id": "trial", "business_key": "TRIAL-1"},
    c.Message: {"instances": ["trial"]},
    c.Sms: {"id": 1},
    c.Webhook: {},
}
"""What effects answer where nothing else is said: nothing is really done."""


def default_answer(command: c.Command) -> Event | None:
    """What an effect answers by itself; None for what somebody must say."""
    if isinstance(command, c.StartProcess) and command.business_key:
        return Done(result={"instance_id": "trial", "business_key": command.business_key})
    if isinstance(command, c.FaxSend) and command.number is not None:
        return Done(result={"id": 1, "outcome": "queued"})
    if type(command) in DEFAULT_RESULTS:
        return Done(result=DEFAULT_RESULTS[type(command)])
    return None


def stubbed(answer: Any) -> Event:
    """`{error: code}`, `{timeout: true}` or a result, as an event."""
    if isinstance(answer, Mapping) and set(answer) == {"error"}:
        return Failed(error=str(answer["error"]))
    if isinstance(answer, Mapping) and set(answer) == {"timeout"}:
        return Failed(error="timeout")
    return Done(result=answer if isinstance(answer, Mapping) else {})
