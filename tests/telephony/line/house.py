"""An ivr process and a stand-in FreeSWITCH in one loop, on flows and recordings of a test's own."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import time
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from app.kernel.db import session
from app.telephony.calls.models import Call, CallStep
from app.telephony.config import KEY, Telephony
from app.telephony.line.process import Process
from app.telephony.standin import StandInAgent, Switch
from app.telephony.standin.queues import StandInQueue

FLOWS = Path(__file__).parent / "flows"
SPEED = 25.0


@dataclass
class Line:
    """What a test plays with."""

    app: Flask
    process: Process
    switch: Switch

    async def written(self) -> None:
        """Have the records written now."""
        await self.process._flush()


def with_flows(app: Flask, folder: Path, flows: Path = FLOWS) -> None:
    """Let the application use the test's flows, and a folder for recordings."""
    target = folder / "flows"
    shutil.copytree(flows, target, dirs_exist_ok=True)
    app.extensions["lightline.settings"] = dataclasses.replace(app.extensions["lightline.settings"], ivr_dir=target)
    app.extensions[KEY] = Telephony(
        listen=("127.0.0.1", 0),
        watch=("127.0.0.1", 0),
        recordings=folder / "recordings",
        server="test",
        entry="main",
        password="ClueCon",
    )


def recordings(folder: Path) -> Callable[..., list[Path]]:
    """A short recording for each piece."""
    path = folder / "word.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\x00\x00" * 4000)
    return lambda pieces, _language: [path for _piece in pieces]


@asynccontextmanager
async def line(app: Flask, folder: Path, *, speed: float = SPEED, link: bool = True) -> AsyncIterator[Line]:
    """Both running."""
    switch = Switch(speed=speed)
    port = await switch.start()
    switch.queues["service@lightline"] = StandInQueue("service@lightline")
    switch.agents["1001@lightline"] = StandInAgent("1001@lightline", status="Available", talks=5)
    switch.tiers["service@lightline"] = ["1001@lightline"]
    if link:
        app.extensions[KEY] = dataclasses.replace(app.extensions[KEY], switch=("127.0.0.1", port))
    process = Process(app, find=recordings(folder))
    await process.start()
    switch.ivr = [("127.0.0.1", process.server.port)]
    process.telephony = process.house.telephony = dataclasses.replace(
        process.telephony, socket=f"127.0.0.1:{process.server.port}"
    )
    if link:
        assert process.house.link is not None
        await process.house.link.wait_up(5)
    try:
        yield Line(app, process, switch)
    finally:
        await process.stop(2)
        await switch.stop()


def played(app: Flask, folder: Path, work: Callable[[Line], Awaitable[Any]], **how: Any) -> Any:
    """Run `work` on a line of its own."""

    async def all_of_it() -> Any:
        async with line(app, folder, **how) as running:
            return await work(running)

    return asyncio.run(asyncio.wait_for(all_of_it(), 60))


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something that happens beside."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("it did not happen")
        await asyncio.sleep(0.01)


def steps_of(app: Flask, key: str) -> list[tuple[str, str, str]]:
    """Node, exit and input of each step of a call on record."""
    with app.app_context():
        rows = (
            session.query(CallStep).join(Call, Call.id == CallStep.call_id).filter(Call.key == key).order_by(CallStep.n)
        )
        return [(step.node, step.exit, step.input) for step in rows.order_by(CallStep.n)]


def call_of(app: Flask, key: str) -> Call:
    with app.app_context():
        found: Call = session.query(Call).filter_by(key=key).one()
        return found
