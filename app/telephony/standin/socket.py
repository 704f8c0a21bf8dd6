"""The stand-in's end of an outbound socket: it connects to the IVR server and obeys it."""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import Mapping
from contextlib import suppress

from app.telephony.standin import applications
from app.telephony.standin.events import Values, as_json, as_plain
from app.telephony.standin.leg import Leg

GOODBYE = b"Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
FULL_ONLY = frozenset({"api", "bgapi", "event", "linger", "log"})


class Socket:
    """One call's socket. `run` returns when it is closed, from whichever side."""

    def __init__(self, leg: Leg, *, full: bool) -> None:
        self.leg, self.full = leg, full
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._form = ""
        self._linger = -1
        self._held: deque[tuple[str, str, str]] = deque()
        self._more = asyncio.Event()
        self._after_complete: list[bytes] = []
        self._own = str(uuid.uuid4())

    async def run(self, host: str, port: int) -> None:
        """Connect, obey, and end. Raises `OSError` where nobody listens."""
        self._reader, self._writer = await asyncio.open_connection(host, port, limit=1024 * 1024)
        self.leg.socket = self
        working = asyncio.create_task(self._work())
        reading = asyncio.create_task(self._read())
        try:
            await asyncio.wait([working, reading], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (working, reading):
                task.cancel()
            await asyncio.gather(working, reading, return_exceptions=True)
            self.leg.socket = None
            self._close()

    # What comes from the IVR server

    async def _read(self) -> None:
        assert self._reader is not None
        while True:
            try:
                block = (await self._reader.readuntil(b"\n\n")).decode()
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
                return
            lines = block.strip("\n").split("\n")
            fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            length = int(fields.get("content-length", 0))
            body = (await self._reader.readexactly(length)).decode() if length else ""
            if self.leg.switch.faults.late_replies:
                await asyncio.sleep(self.leg.switch.faults.late_replies / self.leg.switch.speed)
            if not self._command(lines[0], fields, body):
                return

    def _command(self, line: str, fields: Mapping[str, str], body: str) -> bool:
        word, _blank, rest = line.partition(" ")
        if word in FULL_ONLY and not self.full:
            self._reply("-ERR command not found")
        elif word == "connect":
            self._write(self.leg.data(full=self.full))
        elif word == "linger":
            self._linger = int(rest or 0)
            self._reply(f"+OK will linger {self._linger} seconds")
        elif word == "myevents":
            self._form = rest or "plain"
            self._reply("+OK Events Enabled")
        elif word == "divert_events":
            self._reply(f"+OK events {'diverted' if rest == 'on' else 'not diverted'}")
        elif word in {"filter", "resume", "nixevent", "noevents"}:
            self._reply("+OK")
        elif word == "getvar":
            self._reply(self.leg.variables.get(rest, ""))
        elif word == "api":
            text = self.leg.switch.control.api(rest).encode()
            self._write(b"Content-Type: api/response\nContent-Length: %d\n\n%s" % (len(text), text))
        elif word == "exit":
            self._reply("+OK bye")
            return False
        elif word == "sendmsg" and fields.get("call-command") == "execute":
            self._execute(fields, body)
        else:
            self._reply("-ERR command not found")
        return True

    def _execute(self, fields: Mapping[str, str], body: str) -> None:
        application = fields.get("execute-app-name", "")
        if self.leg.switch.faults.refuse == application:
            self._reply("-ERR refused")
            return
        self._reply("+OK")
        self._held.append((application, body, fields.get("Event-UUID") or str(uuid.uuid4())))
        self._more.set()

    # What the channel does

    async def _work(self) -> None:
        leg = self.leg
        while not leg.over():
            if not self._held:
                self._more.clear()
                await leg.switch.either(self._more, leg)
                continue
            application, argument, event_uuid = self._held.popleft()
            await self._one(application, argument, event_uuid)
        await self._ended()

    async def _one(self, application: str, argument: str, event_uuid: str) -> None:
        leg, faults = self.leg, self.leg.switch.faults
        await leg.lasting(0.02)
        if leg.over():
            return
        known = application in applications.APPLICATIONS
        if not known:
            leg.variables["app_uuid"] = event_uuid
            leg.hang_up("DESTINATION_OUT_OF_ORDER")
            return
        leg.variables.pop("current_application_data", None)
        leg.variables.pop("current_application", None)
        argument = leg.switch.expanded(leg, argument)
        leg.variables |= {"current_loop": "1", "total_loops": "1", "current_application": application}
        named = {"Application": application}
        if argument:
            leg.variables["current_application_data"] = argument
            named["Application-Data"] = argument
        leg.emit("CHANNEL_EXECUTE", {**named, "Application-UUID": event_uuid})
        if faults.cut_in == application:
            await leg.lasting(0.01)
            self._close(abort=True)
            await asyncio.sleep(0.05)
            return
        leg.variables.pop("current_application_response", None)
        response = await applications.APPLICATIONS[application](leg, argument)
        if response != "_none_":
            leg.variables["current_application_response"] = response
        if faults.mute_in == application:
            return
        if leg.over() and faults.abrupt:
            return
        self._complete({**named, "Application-Response": response}, event_uuid)
        if faults.garbage == application:
            self._write(b"\x00\xff no frame at all\n\n")

    def _complete(self, named: Mapping[str, str], event_uuid: str) -> None:
        leg, faults = self.leg, self.leg.switch.faults
        done = {**named, "Application-UUID": event_uuid}
        if faults.foreign:
            self.told({**leg.event("CHANNEL_EXECUTE_COMPLETE", done), "Unique-ID": str(uuid.uuid4())})
        if faults.swapped:
            leg.emit("CHANNEL_EXECUTE_COMPLETE", {**done, "Application-UUID": str(uuid.uuid4())})
        leg.emit("CHANNEL_EXECUTE_COMPLETE", done)
        if faults.twice:
            leg.emit("CHANNEL_EXECUTE_COMPLETE", done)

    async def _ended(self) -> None:
        """The channel is over: tell so, linger where that was asked for, and close."""
        leg = self.leg
        if leg.switch.faults.abrupt:
            self._close(abort=True)
            return
        if not leg.fallback:
            leg.emit("CHANNEL_UNPARK")
            named = {"Application": "socket", "Application-Data": leg.socket_arguments}
            response = leg.variables.get("current_application_response", "_none_")
            leg.emit(
                "CHANNEL_EXECUTE_COMPLETE",
                {**named, "Application-Response": response, "Application-UUID": self._own},
            )
        leg.report()
        notice = f"Content-Type: text/disconnect-notice\nControlled-Session-UUID: {leg.uuid}\n"
        if self._linger > 0:
            name = leg.variables["channel_name"]
            self._write(
                f"{notice}Content-Disposition: linger\nChannel-Name: {name}\n"
                f"Linger-Time: {self._linger}\nContent-Length: 0\n\n".encode()
            )
            await asyncio.sleep((self._linger + 0.2) / leg.switch.speed)
        head = f"{notice}Content-Disposition: disconnect\nContent-Length: {len(GOODBYE)}\n\n"
        self._write(head.encode() + GOODBYE)
        await self._drained()

    # What goes out

    def told(self, values: Values) -> None:
        if self._form:
            self._write(as_json(values) if self._form == "json" else as_plain(values))

    def _reply(self, text: str) -> None:
        self._write(f"Content-Type: command/reply\nReply-Text: {text}\n\n".encode())

    def _write(self, data: bytes) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(data)

    async def _drained(self) -> None:
        if self._writer is not None:
            with suppress(ConnectionError):
                await self._writer.drain()

    def _close(self, *, abort: bool = False) -> None:
        if self._writer is None:
            return
        if abort:
            self._writer.transport.abort()
        else:
            self._writer.close()

    def cut(self) -> None:
        """The network breaks."""
        self._close(abort=True)
