"""The way to PostgreSQL, which tests can cut or hold up as a failing network does."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

Way = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Proxy:
    """Listens on a port of this machine and passes every connection on to the server of a URL."""

    def __init__(self, url: str) -> None:
        self._server_url = sa.make_url(url)
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._flows: asyncio.Event = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def start(self) -> None:
        """Begin to listen, on a free port."""
        self._thread.start()
        self._do(self._listen())

    def stop(self) -> None:
        """End every connection and listen no more."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """The database's URL by this way."""
        host = {"host": "127.0.0.1", "port": self.port, "query": {}}
        return self._server_url.set(**host).render_as_string(hide_password=False)  # type: ignore[arg-type]

    def cut(self, seconds: float) -> None:
        """Break every connection and refuse new ones for a while."""
        self._do(self._shut())
        time.sleep(seconds)
        self._do(self._listen())

    def stall(self, seconds: float) -> None:
        """Let nothing through for a while, connections stay: a network that holds its breath."""
        self._loop.call_soon_threadsafe(self._flows.clear)
        time.sleep(seconds)
        self._loop.call_soon_threadsafe(self._flows.set)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._flows.set()
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _end(self) -> None:
        """Shut, and see to it that connections that were just being taken are closed as well."""
        await self._shut()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await asyncio.sleep(0.05)  # transports close their sockets in the rounds of the loop that follow

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ways = [writer]
        self._open.add(writer)
        try:
            with suppress(OSError):
                there = await self._connect()
                ways.append(there[1])
                self._open.add(there[1])
                await asyncio.gather(self._pump(reader, there[1]), self._pump(there[0], writer))
        finally:
            for way in ways:
                self._open.discard(way)
                way.transport.abort()

    async def _connect(self) -> Way:
        url = self._server_url
        folder = url.query.get("host")
        if folder:
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{url.port or 5432}")
        return await asyncio.open_connection(url.host or "127.0.0.1", url.port or 5432)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
