"""The inbound link: one connection of ours to FreeSWITCH's own event socket, kept up for good.

It asks (`api`, `bgapi`), originates calls and hears of queues, agents and hang-ups. Lost, it comes back with
growing pauses, subscribes again and reconciles: `reconcile` is told which channels FreeSWITCH knows then.
"""

from __future__ import annotations

import asyncio
import random
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

import orjson
import structlog

from app.telephony.esl import commands, guard
from app.telephony.esl.connection import REPLY_TIMEOUT, Connection, Lost, Refused, TimedOut, accepted
from app.telephony.esl.events import Event
from app.telephony.esl.framing import Frame

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
HEARTBEAT, SILENCE = 10.0, 15.0
MAX_JOBS = 5000

Told = Callable[[Event], None]
Reconcile = Callable[[frozenset[str]], Awaitable[None]]


class Link:
    """The link to one FreeSWITCH. `run` keeps it up until cancelled."""

    needless: frozenset[bytes] = frozenset()

    def __init__(
        self,
        host: str,
        port: int,
        password: str,
        *,
        events: Iterable[str] = ("BACKGROUND_JOB", "CHANNEL_HANGUP_COMPLETE", "CUSTOM", "callcenter::info"),
        told: Told | None = None,
        reconcile: Reconcile | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._host, self._port, self._password = host, port, password
        self._events = tuple(events)
        self._told, self._reconcile, self._jitter = told, reconcile, jitter
        self._connection: Connection | None = None
        self._asked: asyncio.Future[None] | None = None
        self._ended: asyncio.Future[str] | None = None
        self._jobs: OrderedDict[str, asyncio.Future[str]] = OrderedDict()
        self._early: OrderedDict[str, str] = OrderedDict()
        self._up = asyncio.Event()
        self.connects = 0
        self.why = "not connected yet"
        """Why it is down; empty while it is up."""

    @property
    def up(self) -> bool:
        return self._up.is_set()

    async def wait_up(self, seconds: float) -> None:
        """Wait until it stands. Raises `Lost`."""
        try:
            async with asyncio.timeout(seconds):
                await self._up.wait()
        except TimeoutError:
            raise Lost(self.why or "the link is down") from None

    async def run(self) -> None:
        """Connect, stay, and connect again, for good."""
        pause = FIRST_PAUSE
        try:
            while True:
                before = self.connects
                try:
                    await self._once()
                except (OSError, Lost, TimedOut, Refused, TimeoutError) as broken:
                    self._down(str(broken) or type(broken).__name__)
                if self.connects > before:
                    pause = FIRST_PAUSE
                log.warning("the link to FreeSWITCH is down", why=self.why, again_in=round(pause, 1))
                await asyncio.sleep(pause * (0.5 + self._jitter() / 2))
                pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            self._down("stopped")

    # Asking

    async def api(self, command: str, *, timeout: float = REPLY_TIMEOUT) -> str:
        """Run a command on the switch and wait for its answer. Raises `Refused`, `Lost`, `TimedOut`, `Injection`.

        FreeSWITCH answers nothing else meanwhile: what takes long goes by `bgapi`.
        """
        return accepted(await self._send(commands.plain("api", guard.argument(command)), timeout))

    async def bgapi(self, command: str, *, timeout: float = 60.0) -> str:
        """Run a command in the background and wait for its end. Raises as `api` does."""
        reply = await self._send(commands.plain("bgapi", guard.argument(command)), REPLY_TIMEOUT)
        accepted(reply)
        job = reply.headers.get("Job-UUID", "")
        if not job:
            raise Refused("a background command without a job")
        if (early := self._early.pop(job, None)) is not None:
            return _answer(early)
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._jobs[job] = future
        while len(self._jobs) > MAX_JOBS:
            self._jobs.popitem(last=False)[1].cancel()
        try:
            async with asyncio.timeout(timeout):
                return _answer(await future)
        except TimeoutError:
            raise TimedOut(f"no end within {timeout:g} s") from None
        finally:
            self._jobs.pop(job, None)

    async def channels(self) -> frozenset[str]:
        """The channels FreeSWITCH knows now."""
        text = await self.api("show channels as json", timeout=10)
        try:
            rows = orjson.loads(text).get("rows", [])
        except (orjson.JSONDecodeError, AttributeError):
            raise Refused("channels that cannot be read") from None
        return frozenset(str(row.get("uuid", "")) for row in rows if isinstance(row, dict))

    async def _send(self, command: bytes, seconds: float) -> Frame:
        if self._connection is None or not self.up:
            raise Lost(self.why or "the link is down")
        return await self._connection.send(command, timeout=seconds)

    # Keeping it up

    async def _once(self) -> None:
        loop = asyncio.get_running_loop()
        self._asked, self._ended = loop.create_future(), loop.create_future()
        async with asyncio.timeout(10):
            _transport, connection = await loop.create_connection(
                lambda: Connection(lambda _connection: self), self._host, self._port
            )
        try:
            async with asyncio.timeout(10):
                await self._asked
            accepted(await connection.send(commands.plain("auth", self._password)))
            if self._events:
                accepted(await connection.send(commands.plain("event json", *self._events)))
            self._connection, self.why = connection, ""
            self.connects += 1
            self._up.set()
            log.info("the link to FreeSWITCH is up", host=self._host, port=self._port)
            if self._reconcile is not None:
                await self._reconcile(await self.channels())
            while not self._ended.done():
                await asyncio.wait([self._ended], timeout=HEARTBEAT)
                if not self._ended.done():
                    await connection.send(commands.plain("api status"), timeout=SILENCE)
            raise Lost(await self._ended)
        finally:
            connection.close("left")

    def _down(self, why: str) -> None:
        self.why = why
        self._up.clear()
        self._connection = None
        for future in self._jobs.values():
            if not future.done():
                future.set_exception(Lost(why))
                future.exception()
        self._jobs.clear()
        self._early.clear()

    # What the connection tells

    def on_event(self, event: Event) -> None:
        if event.name == "BACKGROUND_JOB":
            self._job_done(event)
        elif self._told is not None:
            try:
                self._told(event)
            except Exception as failed:
                log.error("an event could not be taken", event_name=event.name, error=repr(failed), exc_info=True)

    def on_notice(self, frame: Frame) -> None:
        if frame.kind == "auth/request" and self._asked is not None and not self._asked.done():
            self._asked.set_result(None)

    def on_lost(self, why: str) -> None:
        self._up.clear()
        self.why = self.why or why
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(Lost("closed before it asked who we are"))
            self._asked.exception()
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(why)

    def _job_done(self, event: Event) -> None:
        job = event.get("Job-UUID")
        future = self._jobs.get(job)
        if future is None:
            # An event may overtake the reply that names its job; others' jobs are forgotten again.
            self._early[job] = event.body
            while len(self._early) > 100:
                self._early.popitem(last=False)
        elif not future.done():
            with suppress(asyncio.InvalidStateError):
                future.set_result(event.body)


def _answer(text: str) -> str:
    text = text.strip()
    if text.startswith("-ERR"):
        raise Refused(text.removeprefix("-ERR").strip())
    return text
