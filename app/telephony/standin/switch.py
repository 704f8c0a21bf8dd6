"""The switch as a whole: calls in and out, phones that can be called, agents, the control socket."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from app.telephony.standin import applications
from app.telephony.standin.callers import Caller, Line
from app.telephony.standin.control import Control, Listener
from app.telephony.standin.events import Heads, Values
from app.telephony.standin.faults import Faults
from app.telephony.standin.leg import Leg
from app.telephony.standin.queues import StandInAgent, StandInQueue
from app.telephony.standin.socket import Socket

_DIAL = re.compile(r"(?:\{(\^\^(.))?(.*?)\})?(\S+) &(\w+)(?:\((.*)\))?$", re.DOTALL)


@dataclass(slots=True)
class Phone:
    """A telephone that can be called: how long it rings and talks, why it does not answer, who picks up."""

    rings: float = 1.0
    talks: float = 5.0
    cause: str = ""
    caller: Caller | None = None
    fax: str = "ok"


@dataclass(slots=True)
class Ended:
    """How a call was: the cause, whether the dialplan's fallback had to go on, and the leg itself."""

    leg: Leg
    cause: str
    fallback: bool


@dataclass(slots=True)
class Switch:
    """A FreeSWITCH. `ivr` is where its dialplan's `socket` goes, several hosts one after the other."""

    ivr: list[tuple[str, int]] = field(default_factory=list)
    full: bool = False
    speed: float = 1.0
    password: str = "ClueCon"  # noqa: S105 - the stock one, of a switch that is none
    writes: bool = True
    fax_seconds: float = 16.0
    expand: bool = True
    exit_reason: str = "BREAK_OUT"
    """What `cc_cancel_reason` says where a key left a queue: later versions say `EXIT_WITH_KEY`."""
    faults: Faults = field(default_factory=Faults)
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    legs: dict[str, Leg] = field(default_factory=dict)
    agents: dict[str, StandInAgent] = field(default_factory=dict)
    queues: dict[str, StandInQueue] = field(default_factory=dict)
    tiers: dict[str, list[str]] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)
    recordings: list[str] = field(default_factory=list)
    transfers: list[tuple[str, str]] = field(default_factory=list)
    talks: dict[str, Leg] = field(default_factory=dict)
    """By an agent's channel the caller who talks with it."""
    held: set[str] = field(default_factory=set)
    listens: list[tuple[str, str]] = field(default_factory=list)
    """Who was rung to listen, and to which channel."""
    commands: list[str] = field(default_factory=list)
    """Every command of the control socket, for tests."""
    ran: list[str] = field(default_factory=list)
    """What `${system(…)}` would have run: must stay empty."""
    on_notice: Callable[[Leg, str, str], None] | None = None
    heads: Heads = field(init=False)
    control: Control = field(init=False)
    _listeners: set[Listener] = field(default_factory=set)
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.heads = Heads(self.now)
        self.control = Control(self)

    # Time

    def now(self) -> datetime:
        return self.clock()

    def time(self) -> float:
        """Seconds, so much faster than the loop's clock as `speed` says."""
        return asyncio.get_running_loop().time() * self.speed

    # Starting and stopping

    async def start(self, port: int = 0) -> int:
        """Open the control socket on loopback; its port."""
        self._server = await asyncio.start_server(self._listen, "127.0.0.1", port, limit=1024 * 1024)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """As though killed: every connection breaks, every call is gone."""
        if self._server is not None:
            self._server.close()
        for listener in list(self._listeners):
            listener.writer.transport.abort()
        for leg in list(self.legs.values()):
            if leg.socket is not None:
                leg.socket.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.legs.clear()

    def cut_links(self) -> None:
        """The connections to the control socket break; the switch lives on."""
        for listener in list(self._listeners):
            listener.writer.transport.abort()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listener = Listener(self, reader, writer)
        self._listeners.add(listener)
        try:
            await listener.run()
        finally:
            self._listeners.discard(listener)
            writer.close()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # Events

    def wanted(self, name: str) -> bool:
        return any(name in listener.events for listener in self._listeners)

    def publish(self, name: str, values: Values) -> None:
        for listener in self._listeners:
            if name in listener.events:
                listener.tell(values)

    def noticed(self, leg: Leg, what: str, played: str) -> None:
        if self.on_notice is not None:
            self.on_notice(leg, what, played)

    # Calls

    def new_uuid(self) -> str:
        return str(uuid.uuid4())

    async def call(
        self,
        caller: Caller | None = None,
        *,
        number: str = "13800138000",
        name: str = "张三",
        to: str = "95598",
        variables: Values | None = None,
        fax: str = "ok",
        made: Callable[[Leg], None] | None = None,
    ) -> Ended:
        """A caller dials; until the call has ended or the dialplan's fallback took it."""
        leg = Leg(self, number=number, name=name, to=to)
        leg.fax = fax
        leg.variables |= variables or {}
        if made is not None:
            made(leg)
        return await self._carry(leg, caller)

    async def _carry(self, leg: Leg, caller: Caller | None, hosts: list[tuple[str, int]] | None = None) -> Ended:
        self.legs[leg.uuid] = leg
        speaking = self.spawn(caller.run(Line(leg))) if caller is not None else None
        leg.emit("CHANNEL_CREATE")
        try:
            await self._socket(leg, hosts or self.ivr)
            if not leg.cause:
                leg.fallback = True
        finally:
            self.legs.pop(leg.uuid, None)
            if speaking is not None:
                speaking.cancel()
        return Ended(leg, leg.cause, leg.fallback)

    async def _socket(self, leg: Leg, hosts: list[tuple[str, int]]) -> None:
        for host, port in hosts:
            leg.socket_arguments = f"{host}:{port} async{' full' if self.full else ''}"
            leg.variables |= {
                "current_application": "socket",
                "current_application_data": leg.socket_arguments,
                "socket_host": host,
            }
            try:
                await Socket(leg, full=self.full).run(host, port)
            except OSError:
                continue
            return

    def hung_up(self, leg: Leg) -> None:
        """A channel has ended: those that no socket reports are reported here."""
        if leg.socket is None:  # what runs on it ends first
            asyncio.get_running_loop().call_soon(leg.report)

    async def either(self, event: asyncio.Event, leg: Leg) -> None:
        """Until the event is set or the call has ended."""
        waiting = asyncio.ensure_future(event.wait())
        try:
            while not waiting.done() and not leg.cause:
                stirred = asyncio.ensure_future(leg._stirred(None))
                await asyncio.wait([waiting, stirred], return_when=asyncio.FIRST_COMPLETED)
                stirred.cancel()
        finally:
            waiting.cancel()

    # Calling out

    def phone(self, target: str) -> Phone:
        """Who answers at a dial string; nobody where none was put there."""
        number = re.sub(r"@.*", "", target).rpartition("/")[2]
        return self.phones.get(target) or self.phones.get(number) or Phone(cause="NORMAL_TEMPORARY_FAILURE")

    async def originate(self, text: str) -> str:
        """`originate {^^:name=value:…}target &application(argument)`; the answer as the switch gives it."""
        found = _DIAL.match(text)
        if found is None:
            return "-ERR USAGE\n"
        _form, mark, given, target, application, argument = found.groups()
        options = dict(part.split("=", 1) for part in (given or "").split(mark or ",") if "=" in part)
        if target.startswith("user/") and target not in self.phones:
            return "-ERR SUBSCRIBER_ABSENT\n"
        phone = self.phone(target)
        limit = float(options.get("originate_timeout", 60))
        await asyncio.sleep(min(phone.rings, limit) / self.speed)
        if phone.cause or phone.rings > limit:
            return f"-ERR {phone.cause or 'NO_ANSWER'}\n"
        number = target.rpartition("/")[2]
        leg = Leg(
            self, number=number, name="", to=number, leg_id=options.get("origination_uuid", ""), direction="outbound"
        )
        leg.fax = phone.fax
        leg.variables |= options
        leg.answer()
        if application == "eavesdrop":
            self.listens.append((number, argument or ""))
        if application == "socket":
            host, _colon, port = (argument or "").split(" ")[0].partition(":")
            self.spawn(self._carry(leg, phone.caller, [(host, int(port))]))
        else:
            self.legs[leg.uuid] = leg
            self.spawn(self._alone(leg, application, argument or ""))
        return f"+OK {leg.uuid}\n"

    async def _alone(self, leg: Leg, application: str, argument: str) -> None:
        if application in applications.APPLICATIONS:
            await applications.APPLICATIONS[application](leg, argument)
        else:
            await leg.lasting(86400)
        leg.hang_up("NORMAL_CLEARING")
        self.legs.pop(leg.uuid, None)

    # Agents and oddities

    def free_agent(self, queue: str, *, but: set[str]) -> StandInAgent | None:
        """Somebody of the queue who is available and waits."""
        for name in self.tiers.get(queue, []):
            agent = self.agents.get(name)
            if agent and name not in but and agent.status == "Available" and agent.state == "Waiting":
                return agent
        return None

    def agents_of(self, queue: str, status: str) -> int:
        names = [name for name in self.tiers.get(queue, []) if name in self.agents]
        return sum(1 for name in names if not status or self.agents[name].status == status)

    def sent_keys(self, leg: Leg, keys: str) -> None:
        """`uuid_send_dtmf` on the caller's side is heard as keys on the other: here both are one leg."""
        for key in keys:
            leg.press(key)

    def expanded(self, leg: Leg, argument: str) -> str:
        """`${…}` in an argument, unless the call forbids it. What would run a command is noted, not run."""
        if not self.expand or leg.variables.get("app_disable_expand_variables") == "true":
            return argument

        def put(found: re.Match[str]) -> str:
            if "(" in found[1]:
                self.ran.append(found[1])
                return ""
            return leg.variables.get(found[1], "")

        return re.sub(r"\$\{([^}]*)\}", put, argument)

    def leave_fax(self, path: str) -> None:
        """A received page."""
        Image.new("1", (1728, 1100), 1).save(Path(path), "TIFF", compression="group4", dpi=(204, 98))
