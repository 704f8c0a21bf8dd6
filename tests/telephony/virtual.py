"""An event loop whose time stands still while anything is to be done, and jumps to the next timer otherwise.

Both ends of every connection must be in the loop (or in nobody's hands): a thread's work is not waited for.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.SelectSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            return super().select(0.5)
        self._loop.skipped += max(timeout, 0.0001)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """`skipped` seconds have passed without anybody waiting for them."""

    def __init__(self) -> None:
        self.skipped = 1000.0
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self.skipped


def run(work: Coroutine[Any, Any, T], *, limit: float = 3600) -> T:
    """Run to its end, in no time; at most so many virtual seconds."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(asyncio.wait_for(work, limit))
