"""Threads for what may wait: each piece of work with a time limit, and no kind of work may take all threads.

A thread that hangs cannot be stopped; it is left to itself and its place is taken until it comes back. With a
bound for each name, a question that hangs keeps only its own kind waiting.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from flask import Flask

from app.kernel.db import session

T = TypeVar("T")

MOST = 24
"""Threads at once: fewer than the connections the database's pool gives."""

MOST_OF_ONE = 8


class Busy(TimeoutError):
    """No thread became free in time."""


class Workers:
    """Runs functions in threads, within an application context and a database session of their own."""

    def __init__(self, app: Flask, *, most: int = MOST, most_of_one: int = MOST_OF_ONE) -> None:
        self._app = app
        self._all = asyncio.Semaphore(most)
        self._most_of_one = most_of_one
        self._each: dict[str, asyncio.Semaphore] = {}
        self.running = 0

    async def run(self, name: str, work: Callable[[], T], *, seconds: float) -> T:
        """The result of `work`, run in a thread. Raises what it raises, `Busy`, or `TimeoutError` (it may go on)."""
        loop = asyncio.get_running_loop()
        result: asyncio.Future[T] = loop.create_future()
        each = self._each.setdefault(name, asyncio.Semaphore(self._most_of_one))
        try:
            async with asyncio.timeout(seconds):
                await self._enter(each)
                thread = threading.Thread(target=self._work, args=(loop, work, result, each), name=name, daemon=True)
                try:
                    thread.start()
                except BaseException:
                    self._leave(each)
                    raise
                return await asyncio.shield(result)
        finally:
            if result.done() and not result.cancelled():
                result.exception()  # noted

    async def _enter(self, each: asyncio.Semaphore) -> None:
        try:
            await each.acquire()
        except asyncio.CancelledError:
            raise Busy("no thread was free") from None
        try:
            await self._all.acquire()
        except asyncio.CancelledError:
            each.release()
            raise Busy("no thread was free") from None
        self.running += 1

    def _leave(self, each: asyncio.Semaphore) -> None:
        self.running -= 1
        self._all.release()
        each.release()

    def _work(
        self,
        loop: asyncio.AbstractEventLoop,
        work: Callable[[], T],
        result: asyncio.Future[T],
        each: asyncio.Semaphore,
    ) -> None:
        outcome: Callable[[], None]
        try:
            with self._app.app_context():
                try:
                    value = work()
                finally:
                    session.remove()
        except BaseException as failed:
            error = failed

            def outcome() -> None:
                result.set_exception(error)
        else:

            def outcome() -> None:
                result.set_result(value)

        def told() -> None:
            self._leave(each)
            if not result.done():
                outcome()

        with suppress(RuntimeError):  # the loop is over: nobody waits any more
            loop.call_soon_threadsafe(told)
