"""One connection to FreeSWITCH: replies in the order of commands, events to whoever listens, limits on all of it.

A reply that is late keeps its place in the row: who waited has gone, and the next command still gets its own.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

import structlog

from app.telephony.esl.events import EVENTS, Event, is_named, read
from app.telephony.esl.framing import Frame, Framer, Malformed

log = structlog.get_logger(__name__)

REPLIES = frozenset({"command/reply", "api/response"})
MAX_OUTSTANDING = 64
MAX_UNSENT = 1024 * 1024
REPLY_TIMEOUT = 5.0


class Lost(ConnectionError):
    """The connection is gone, or was given up."""


class TimedOut(TimeoutError):
    """FreeSWITCH did not answer in time."""


class Refused(Exception):
    """FreeSWITCH answered `-ERR`: the text is its own."""


class Listener(Protocol):
    """Who is told what happens on a connection. Events named in `needless` are dropped unread."""

    needless: frozenset[bytes]

    def on_event(self, event: Event) -> None: ...

    def on_notice(self, frame: Frame) -> None: ...

    def on_lost(self, why: str) -> None: ...


class Connection(asyncio.Protocol):
    """The bytes of one event socket, either way round."""

    def __init__(self, opened: Callable[[Connection], Listener | None], *, framer: Framer | None = None) -> None:
        self._opened = opened
        self._framer = framer or Framer()
        self._transport: asyncio.Transport | None = None
        self._listener: Listener | None = None
        self._waiting: deque[asyncio.Future[Frame]] = deque()
        self._unsent = False
        self.why = ""
        """Why it ended; empty while it lives."""

    @property
    def open(self) -> bool:
        return self._transport is not None and not self.why

    @property
    def transport(self) -> asyncio.Transport | None:
        return self._transport

    # What asyncio tells us

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=MAX_UNSENT)
        self._listener = self._opened(self)
        if self._listener is None:
            self.close("not taken")

    def pause_writing(self) -> None:
        self._fail("FreeSWITCH reads no more")

    def data_received(self, data: bytes) -> None:
        if self.why:
            return
        try:
            frames = self._framer.feed(data)
        except Malformed as bad:
            self._fail(f"malformed: {bad}")
            return
        for frame in frames:
            if self.open:  # a frame may end the connection
                self._take(frame)

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._end("closed" if exc is None else f"{type(exc).__name__}: {exc}")

    # What we do

    async def send(self, command: bytes, *, timeout: float = REPLY_TIMEOUT) -> Frame:
        """Write a command and wait for its reply. Raises `Lost`, `TimedOut`."""
        if not self.open or self._transport is None:
            raise Lost(self.why or "not connected")
        if len(self._waiting) >= MAX_OUTSTANDING:
            self._fail("too many commands without an answer")
            raise Lost(self.why)
        future: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        self._transport.write(command)
        try:
            async with asyncio.timeout(timeout):
                return await future
        except TimeoutError:
            raise TimedOut(f"no reply within {timeout:g} s") from None

    def close(self, why: str) -> None:
        """End it from our side, after what is written has gone out."""
        self._end(why)
        if self._transport is not None and not self._transport.is_closing():
            self._transport.close()

    def _fail(self, why: str) -> None:
        log.warning("event socket given up", why=why)
        self._end(why)
        if self._transport is not None:
            self._transport.abort()

    def _end(self, why: str) -> None:
        if self.why:
            return
        self.why = why or "closed"
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_exception(Lost(self.why))
                future.exception()  # noted: nobody may be waiting any more
        if self._listener is not None:
            self._listener.on_lost(self.why)

    def _take(self, frame: Frame) -> None:
        kind = frame.kind
        if kind in REPLIES:
            if not self._waiting:
                log.warning("a reply nobody asked for", kind=kind)
                return
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(frame)
        elif self._listener is None:
            return
        elif kind in EVENTS:
            if is_named(frame, self._listener.needless):
                return
            try:
                event = read(frame)
            except Malformed as bad:
                log.warning("an event that cannot be read", why=str(bad))
                return
            self._listener.on_event(event)
        else:
            self._listener.on_notice(frame)


def reply_text(frame: Frame) -> str:
    """What a reply says: `Reply-Text`, or the body of an `api/response`."""
    if frame.kind == "api/response":
        return frame.body.decode("utf-8", "replace")
    return frame.headers.get("Reply-Text", "")


def accepted(frame: Frame) -> str:
    """The text of a reply. Raises `Refused` where it is `-ERR`."""
    text = reply_text(frame)
    if text.startswith("-ERR"):
        raise Refused(text.removeprefix("-ERR").strip())
    return text
