"""Takes the calls that FreeSWITCH's dialplan hands over with `socket host:port async`.

There is a cap: a call over it is let go at once, so that the dialplan's own fallback goes on. On stop no
call is taken any more and those under way end by themselves, up to a bound.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from app.telephony.esl.channel import Channel
from app.telephony.esl.connection import Connection, Listener, Lost, Refused, TimedOut

log = structlog.get_logger(__name__)

Handler = Callable[[Channel], Awaitable[None]]
"""Carries one call from its beginning to its end. What it raises is logged; the socket is let go."""


class Server:
    """The outbound socket."""

    def __init__(self, handler: Handler, *, most: int = 1500, form: str = "json") -> None:
        self._handler, self._most, self._form = handler, most, form
        self._calls: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.draining = False
        self.refused = 0
        """Calls let go because of the cap or a stop, since the start."""

    @property
    def calls(self) -> int:
        """Calls under way."""
        return len(self._calls)

    @property
    def listening(self) -> bool:
        return self._server is not None and self._server.is_serving()

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def listen(self, host: str, port: int) -> None:
        """Begin to take calls. Raises `OSError` where the place is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self._opened), host, port, backlog=512, reuse_address=True
        )

    async def drain(self, seconds: float) -> int:
        """Take no more calls and let those under way end, at most so long; how many were cut off."""
        self.draining = True
        if self._server is not None:
            self._server.close()
        running = set(self._calls)
        if running:
            _done, running = await asyncio.wait(running, timeout=seconds)
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=5)
        return len(running)

    def _opened(self, connection: Connection) -> Listener | None:
        if self.draining or len(self._calls) >= self._most:
            self.refused += 1
            log.warning("a call let go to the dialplan's fallback", calls=len(self._calls), draining=self.draining)
            return None
        channel = Channel(connection)
        task = asyncio.get_running_loop().create_task(self._carry(channel))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        return channel

    async def _carry(self, channel: Channel) -> None:
        why: Any = "done"
        try:
            await channel.begin(form=self._form)
            await self._handler(channel)
        except (Lost, TimedOut, Refused) as broken:
            why = broken
            log.warning("a call's socket is no use", call=channel.uuid, why=repr(broken))
        except asyncio.CancelledError:
            why = "stopped"
            raise
        except Exception as failed:
            why = failed
            log.error("a call failed", call=channel.uuid, error=repr(failed), exc_info=True)
        finally:
            channel.close(str(why))
