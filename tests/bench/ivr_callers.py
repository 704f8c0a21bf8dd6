"""The callers of the ivr bench: a stand-in FreeSWITCH in a process of its own. Prints what it saw as JSON.

`python -m tests.bench.ivr_callers PORT CALLS SECONDS`: so many calls at once press a key now and then; each time
from a key's event (or the end of its input, whichever is later) to the next command is kept.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time

import orjson

from app.telephony.standin import Leg, Line, Switch
from app.telephony.standin import switch as switches
from app.telephony.standin.socket import Socket

PAUSE = 2.0
"""Seconds that a caller listens before pressing a key, on the mean."""


class Pressing:
    """A caller who presses 1 whenever keys are wanted, after listening for a while."""

    def __init__(self, over: asyncio.Event, random_: random.Random) -> None:
        self._over, self._random = over, random_

    async def run(self, line: Line) -> None:
        while not self._over.is_set() and await line.asked():
            await line.wait(self._random.uniform(0.5, 1.5) * PAUSE)
            line.press("1")
        line.hang_up()


class Watched(Socket):
    """A socket that notes how long the next command took after an input ended."""

    delays: list[float] = []  # noqa: RUF012 - of the whole process

    def __init__(self, leg: Leg, *, full: bool) -> None:
        super().__init__(leg, full=full)
        self._ended = 0.0

    def _complete(self, named, event_uuid):
        super()._complete(named, event_uuid)
        self._ended = time.perf_counter() if named["Application"] == "play_and_get_digits" else 0.0

    def _execute(self, fields, body):
        if self._ended:
            Watched.delays.append(time.perf_counter() - self._ended)
            self._ended = 0.0
        super()._execute(fields, body)


async def calls(port: int, count: int, seconds: float) -> dict[str, float]:
    """All calls; what was measured once all of them talked."""
    switches.Socket = Watched  # type: ignore[misc]
    switch = Switch(ivr=[("127.0.0.1", port)], writes=False)
    over = asyncio.Event()
    fixed = random.Random(7)
    running = []
    for number in range(count):
        caller = Pressing(over, random.Random(fixed.random()))
        running.append(asyncio.create_task(switch.call(caller, number=f"138{number:08d}")))
        await asyncio.sleep(1 / 200)
    await asyncio.sleep(PAUSE)
    Watched.delays.clear()
    spent = time.process_time()
    print("all", flush=True)
    await asyncio.sleep(seconds)
    over.set()
    spent = time.process_time() - spent
    ended = await asyncio.gather(*running)
    delays = sorted(Watched.delays)
    return {
        "digits": len(delays),
        "p50": delays[len(delays) // 2] if delays else 0.0,
        "p99": delays[int(len(delays) * 0.99)] if delays else 0.0,
        "busy": spent / seconds,
        "fallback": sum(1 for call in ended if call.fallback),
    }


if __name__ == "__main__":
    print(orjson.dumps(asyncio.run(calls(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))).decode())
