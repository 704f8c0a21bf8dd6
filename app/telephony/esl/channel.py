"""A call on the outbound socket: run applications one after the other, see keys, see it end.

An application's result is told by the state of the channel, never by its arrival alone: a hang-up in the
middle of it looks like a success. What FreeSWITCH tells twice, late or of another channel is left aside.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from app.telephony.esl import commands, guard
from app.telephony.esl.connection import Connection, Lost, TimedOut, accepted
from app.telephony.esl.events import Event, of_headers
from app.telephony.esl.framing import Frame

log = structlog.get_logger(__name__)

AFTER_HANGUP = 2.0
"""How long a result is waited for after the hang-up was told: it follows at once, or never."""

ENDED = frozenset({"CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"})
_DEAD_STATES = frozenset({"CS_HANGUP", "CS_REPORTING", "CS_DESTROY"})
_SERIAL = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Result:
    """How an application ended. `alive` says whether the caller is still there, `variables` is the event."""

    alive: bool
    response: str
    event: Event | None
    cause: str = ""

    def variable(self, name: str) -> str:
        return "" if self.event is None else self.event.variable(name)


class Channel:
    """One call. Made by the server for each connection; `begin` first."""

    needless = frozenset({b"CHANNEL_EXECUTE", b"PLAYBACK_START", b"PLAYBACK_STOP", b"CALL_UPDATE", b"CODEC"})
    """Half of what the switch tells of a call, kilobytes each, and nothing in it is asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._results: dict[str, asyncio.Future[Result]] = {}
        self._gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._keys: Callable[[str], None] | None = None
        self._watch: Callable[[Event], None] | None = None
        self._late: asyncio.TimerHandle | None = None
        self.data: Mapping[str, str] = {}
        self.uuid = ""
        self.cause = ""
        """The cause of the hang-up; empty while the caller is there. `LOST` where the connection broke."""

    # Beginning and end

    async def begin(self, *, form: str = "json") -> None:
        """Ask for the channel's data and events, and forbid the switch to expand `${…}` in arguments.

        Raises `Lost`, `TimedOut`, `Refused`; an answer without a channel in it is `Lost`.
        """
        event = of_headers(await self._connection.send(commands.plain("connect")))
        if event.name != "CHANNEL_DATA" or not event.get("Unique-ID"):
            self.close("no channel data")
            raise Lost("no channel data")
        self.uuid = event.get("Unique-ID")
        # Only what is asked of a call is kept: a thousand calls with all their variables are many megabytes.
        self.data = {name: event.get(name) for name in KEPT if event.get(name)}
        if event.get("Answer-State") == "hangup":
            self._hung_up(event.get("Hangup-Cause") or "NORMAL_CLEARING")
        accepted(await self._connection.send(commands.plain("myevents", form)))
        await self.execute("set", "app_disable_expand_variables=true", timeout=10)

    @property
    def alive(self) -> bool:
        return not self.cause

    @property
    def connected(self) -> bool:
        return self._connection.open

    async def gone(self) -> str:
        """Wait until the call has ended; the cause."""
        return await asyncio.shield(self._gone)

    def on_keys(self, told: Callable[[str], None] | None) -> None:
        """Tell of each key pressed (the caller's own, at any time)."""
        self._keys = told

    def on_events(self, told: Callable[[Event], None] | None) -> None:
        """Tell of each event of the channel: bridges and the like."""
        self._watch = told

    def close(self, why: str = "done") -> None:
        """Let the socket go: the dialplan goes on after its `socket` action."""
        self._connection.close(why)

    # Applications

    async def execute(self, application: str, argument: str = "", *, timeout: float) -> Result:
        """Run an application to its end. Raises `TimedOut`, `Lost`, `Refused`, `Injection`.

        A caller who hangs up meanwhile is a result with `alive` false, not an exception.
        """
        if self.cause:
            return Result(False, "", None, self.cause)
        event_uuid = f"{self.uuid}-{next(_SERIAL)}"
        command = commands.execute(application, argument, event_uuid=event_uuid)
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._results[event_uuid] = future
        try:
            accepted(await self._connection.send(command))
            async with asyncio.timeout(timeout):
                return await future
        except TimedOut:
            raise
        except TimeoutError:
            raise TimedOut(f"{application} did not end within {timeout:g} s") from None
        except Lost:
            if self._was_hung_up():
                return Result(False, "", None, self.cause)
            raise
        finally:
            self._results.pop(event_uuid, None)

    async def set(self, name: str, value: str) -> None:
        """Set a variable of the channel."""
        await self.execute("set", f"{guard.name(name)}={value}", timeout=10)

    def _was_hung_up(self) -> bool:
        return bool(self.cause) and self.cause != "LOST"

    # What the connection tells

    def on_event(self, event: Event) -> None:
        if event.get("Unique-ID") != self.uuid:
            log.warning("an event of another channel", event_name=event.name)
            return
        name = event.name
        if name == "CHANNEL_EXECUTE_COMPLETE":
            self._completed(event)
        elif name == "DTMF":
            if self._keys is not None:
                self._keys(event.get("DTMF-Digit")[:1])
        elif name in ENDED or event.get("Channel-State") in _DEAD_STATES:
            self._hung_up(event.get("Hangup-Cause") or "NORMAL_CLEARING")
            if name != "CHANNEL_HANGUP":
                self._no_more_results()
        if self._watch is not None:
            self._watch(event)

    def on_notice(self, frame: Frame) -> None:
        if frame.kind == "text/disconnect-notice":
            self._hung_up("NORMAL_CLEARING")
            self._no_more_results()
            self._connection.close("disconnected")

    def on_lost(self, why: str) -> None:
        if self._late is not None:
            self._late.cancel()
        if not self.cause:
            self.cause = "LOST"
            if not self._gone.done():
                self._gone.set_result(self.cause)
            for future in list(self._results.values()):
                if not future.done():
                    future.set_exception(Lost("the connection broke during an application"))
                    future.exception()
            return
        self._no_more_results()

    def _completed(self, event: Event) -> None:
        if event.get("Answer-State") == "hangup":
            self._hung_up(event.get("Hangup-Cause") or "NORMAL_CLEARING")
        future = self._results.get(event.get("Application-UUID"))
        if future is None or future.done():
            return  # the dialplan's own `socket`, or one told twice
        future.set_result(Result(not self.cause, event.get("Application-Response"), event, self.cause))

    def _hung_up(self, cause: str) -> None:
        if self.cause:
            return
        self.cause = cause[:60]
        if not self._gone.done():
            self._gone.set_result(self.cause)
        self._late = asyncio.get_running_loop().call_later(AFTER_HANGUP, self._no_more_results)

    def _no_more_results(self) -> None:
        for future in list(self._results.values()):
            if not future.done():
                future.set_result(Result(False, "", None, self.cause))


KEPT = (
    "Unique-ID",
    "Channel-Name",
    "Call-Direction",
    "Caller-Caller-ID-Name",
    "Caller-Caller-ID-Number",
    "Caller-ANI",
    "Caller-Destination-Number",
    "Caller-Context",
    "Caller-Network-Addr",
    "variable_lightline_flow",
    "variable_lightline_job",
    "variable_lightline_delivery",
    "variable_lightline_attempt",
    "variable_origination_uuid",
    "variable_sip_h_X-Lightline",
)
"""What is kept of a channel's data for the length of its call."""
