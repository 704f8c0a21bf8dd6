"""A stand-in FreeSWITCH in a thread of its own, for tests whose pages ask it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from app.telephony.standin import Switch


class RunningSwitch:
    """`switch` lives in a loop of its own at `port`; `do` calls something there."""

    def __init__(self, *, speed: float = 1.0) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.switch = Switch(speed=speed)
        self.port = asyncio.run_coroutine_threadsafe(self.switch.start(), self._loop).result(5)

    def do(self, work: Callable[[Switch], Any]) -> Any:
        async def within() -> Any:
            return work(self.switch)

        return asyncio.run_coroutine_threadsafe(within(), self._loop).result(5)

    def stop(self) -> None:
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self.switch.stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
