"""One call from its beginning to its end: the interpreter's commands carried out, what happens told to it.

Flows are pinned: the set of flows that the call began with is held by the session until it ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from app.telephony.calls import CallLog
from app.telephony.esl import Channel, Injection, Lost, TimedOut
from app.telephony.esl.connection import Refused as SwitchRefused
from app.telephony.ivr import commands as wanted
from app.telephony.ivr import machine
from app.telephony.ivr.events import Digits, Done, Event, Failed, Hangup, WrongInput
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.pieces import Piece
from app.telephony.ivr.state import State
from app.telephony.line import faxing, media, queueing, rescue, services, talking
from app.telephony.line.house import House
from app.telephony.line.services import About, Refused
from app.telephony.line.taping import Tapes
from app.telephony.line.workers import Busy

log = structlog.get_logger(__name__)

LONGEST = 6 * 3600.0
"""A call that lasts longer is a fault: somebody's telephone was forgotten off the hook."""


class Session:
    """A call. `run` returns when it is over."""

    def __init__(self, channel: Channel, house: House, record: CallLog) -> None:
        self._channel, self._house, self._record = channel, house, record
        self._ear = media.Ear(channel)
        self.tapes = Tapes(channel, house, record, lambda kind, n: self.path_for(kind, n, "wav"))
        self._told = False
        self.flows: FlowSet | None = None
        self.state: State | None = None

    async def run(self, flow: str, call: Mapping[str, Any]) -> None:
        """Run the flow. Whatever breaks in our house, the caller is handed to an agent."""
        channel, house = self._channel, self._house
        channel.on_keys(self._ear.pressed)
        try:
            async with asyncio.timeout(LONGEST):
                await self._converse(flow, call)
        except (Lost, asyncio.CancelledError):
            raise
        except Exception as failed:
            house.live.failed += 1
            log.error("a call's flow failed", call=channel.uuid, error=repr(failed), exc_info=True)
            self._record.remark(f"failed: {type(failed).__name__}")
            await rescue.rescue(channel, house, self._record)

    async def _converse(self, flow: str, call: Mapping[str, Any]) -> None:
        self.flows = self._house.flows()
        if self.flows is None or flow not in self.flows:
            log.error("no such flow is published", flow=flow)
            await rescue.rescue(self._channel, self._house, self._record)
            return
        state, commands = machine.begin(self.flows, flow, call, self._house.now())
        while (waiting := await self._do(commands)) is not None:
            state, commands = await self._answered(state, waiting)
            self.state = state

    async def _do(self, commands: tuple[wanted.Command, ...]) -> wanted.Command | None:
        """Those that nobody answers; the one that waits, None where the call is over."""
        for command in commands:
            match command:
                case wanted.Enter():
                    self._enter(command)
                case wanted.Tag():
                    self._tag(command)
                case wanted.SetLanguage():
                    self._record.note(language=command.language[:5])
                case wanted.Hangup():
                    await self._channel.execute("hangup", command.cause, timeout=10)
                case _:
                    return command
        return None

    async def _answered(self, state: State, command: wanted.Command) -> tuple[State, tuple[wanted.Command, ...]]:
        """Carry out a command and go on with what came of it; a hang-up is told before it."""
        assert self.flows is not None
        self._house.live.commands[wanted.name_of(type(command))] += 1
        event = await self._event(command)
        now = self._house.now()
        if not self._channel.alive and not self._told:
            self._told = True
            state, commands = machine.step(self.flows, state, Hangup(self._channel.cause), now)
            if commands or state.ended or state.pending != command.id:
                return state, commands
        if isinstance(event, (Digits, WrongInput)) and isinstance(command, wanted.Gather):
            self._record.pressed(event.value, masked=command.mask)
        return machine.step(self.flows, state, event, now)

    async def _event(self, command: wanted.Command) -> Event:
        """What carrying it out came to. An error is a code for the flow, never an exception."""
        try:
            return await self._carry_out(command)
        except Refused as refused:
            code, detail = refused.code, refused.detail
        except Busy:
            code, detail = "unavailable", "no thread was free"
        except (TimedOut, TimeoutError) as late:
            code, detail = "timeout", str(late)
        except Injection as evil:
            code, detail = "refused", str(evil)
        except SwitchRefused as refused_by_switch:
            code, detail = "refused", str(refused_by_switch)
        except OSError as broken:
            if isinstance(broken, Lost):
                raise
            code, detail = "failed", type(broken).__name__
        self._house.live.failures[wanted.name_of(type(command))] += 1
        log.warning("a command failed", call=self._channel.uuid, node=command.node, code=code, detail=detail[:200])
        self._record.remark(code)
        return Failed(command.id, code, detail[:200])

    async def _carry_out(self, command: wanted.Command) -> Event:
        if command.needs_caller and not self._channel.alive:
            return Failed(command.id, "gone")
        if type(command) in services.SERVICES:
            return Done(command.id, await self._service(command))
        return await CARRIED[type(command)](self, command)

    async def _service(self, command: wanted.Command) -> dict[str, Any]:
        about = self.about()
        seconds = getattr(command, "timeout", None) or services.SECONDS.get(type(command), 10.0)
        kind = wanted.name_of(type(command))
        name = f"{kind}:{command.name}" if isinstance(command, wanted.Lookup) else kind
        began = asyncio.get_running_loop().time()
        try:
            return await self._house.workers.run(
                name, lambda: services.carry_out(command, about), seconds=min(float(seconds), 60.0)
            )
        finally:
            if isinstance(command, wanted.Lookup):
                self._house.live.lookups[command.name] += 1
                self._house.live.lookup_seconds[command.name] += asyncio.get_running_loop().time() - began  # type: ignore[assignment]

    def about(self) -> About:
        head = self._record.head
        return About(self._record.key, head.get("number", ""), head.get("language", "zh"), self._house.now())

    # Commands of the caller's ear

    async def answer(self, command: wanted.Answer) -> Event:
        result = await self._channel.execute("answer", timeout=15)
        if result.alive:
            self._record.note(answered_at=self._house.now())
        return Done(command.id)

    async def play(self, command: wanted.Play) -> Event:
        return await media.play(self._ear, command, self._house.saying)

    async def gather(self, command: wanted.Gather) -> Event:
        async with self.tapes.silence(wanted=command.mask):
            return await media.gather(self._ear, command, self._house.saying)

    async def record_call(self, command: wanted.RecordCall) -> Event:
        """Record the whole call, or no more; a call that cannot be recorded goes on."""
        if command.on:
            await self.tapes.begin("whole")
        else:
            await self.tapes.end("whole")
        return Done(command.id)

    async def record(self, command: wanted.Record) -> Event:
        """Record a message and take it into our files, also where the caller hung up in it."""
        path = self.path_for(command.name, command.id, "wav")
        seconds = await media.record(self._ear, command, path)
        if seconds <= 0:
            return Done(command.id, {"file": "", "seconds": 0})
        about = self.about()
        kept = await self._house.workers.run("recordings", lambda: services.keep_recording(path, about), seconds=30)
        self._record.recorded(
            kind="message", name=command.name[:100], file_id=kept, path=path.name, seconds=seconds, at=about.now
        )
        return Done(command.id, {"file": str(kept), "seconds": round(seconds, 1)})

    async def queue(self, command: wanted.Queue) -> Event:
        recorded = bool(command.recorded) and command.name not in self._house.unrecorded
        async with self._recorded(command.recorded if recorded else (), command.language):
            return await queueing.wait(self._ear, command, self._house, self._record)

    async def bridge(self, command: wanted.Bridge) -> Event:
        async with self._recorded(command.recorded, command.language):
            return await talking.bridge(self._channel, command, self._house, self._record)

    @asynccontextmanager
    async def _recorded(self, told: tuple[Piece, ...], language: str) -> AsyncIterator[None]:
        """Record a talk, of which the caller is told first; not at all where there are no words for that."""
        if told:
            await media.tell(self._ear, told, language, self._house.saying)
            await self.tapes.begin("talk")
        try:
            yield
        finally:
            await self.tapes.end("talk")

    async def transfer(self, command: wanted.Transfer) -> Event:
        return await talking.transfer(self._channel, command, self._record)

    async def fax_send(self, command: wanted.FaxSend) -> Event:
        return await faxing.send(self._channel, command, self._house, self.about(), self._record)

    async def fax_receive(self, command: wanted.FaxReceive) -> Event:
        path = self.path_for(command.name, command.id, "tif")
        return await faxing.receive(self._channel, command, self._house, self._record, path)

    def path_for(self, name: str, number: int, ending: str) -> Path:
        """Where FreeSWITCH leaves what it records of this call: in a folder of the day."""
        now: datetime = self._house.now()
        folder = self._house.telephony.recordings / f"{now:%Y%m%d}"
        folder.mkdir(parents=True, exist_ok=True)
        plain = "".join(letter for letter in name if letter.isascii() and letter.isalnum())[:20]
        return (folder / f"{self._channel.uuid}-{number}-{plain or 'call'}.{ending}").resolve()

    # The record

    def _enter(self, command: wanted.Enter) -> None:
        version = self.flows[command.flow].version if self.flows and command.flow in self.flows else ""
        self._record.enter(
            flow=command.flow,
            version=version,
            node=command.node,
            kind=command.verb,
            left_by=command.exit,
            now=self._house.now(),
        )

    def _tag(self, command: wanted.Tag) -> None:
        self._record.tag(command.name, command.value)
        if not command.value:
            return
        if command.name == "account":
            self._record.note(account_no=str(command.value)[:32])
        elif command.name == "unit_path":
            self._record.note(unit_path=str(command.value)[:200])


Carried = Callable[[Session, Any], Awaitable[Event]]

CARRIED: dict[type[wanted.Command], Carried] = {
    wanted.Answer: Session.answer,
    wanted.Play: Session.play,
    wanted.Gather: Session.gather,
    wanted.Record: Session.record,
    wanted.RecordCall: Session.record_call,
    wanted.Queue: Session.queue,
    wanted.Bridge: Session.bridge,
    wanted.Transfer: Session.transfer,
    wanted.FaxSend: Session.fax_send,
    wanted.FaxReceive: Session.fax_receive,
}
"""Every command is here or in `services.SERVICES`; a test holds it."""
