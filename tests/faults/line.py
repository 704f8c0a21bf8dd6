"""`kill -9` of the ivr process with calls under way: what is on record, what was done, where the callers went.

The switch is a stand-in in this process, the ivr process one of its own on the same database. What a caller was asked
and when is noted here, so that the record can be held against it.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.engine import api as engine
from app.kernel.db import session
from app.telephony.calls.models import Call, CallStep
from app.telephony.standin import Leg, Script, Switch
from app.telephony.standin.switch import Ended
from tests.faults.system import System

CALLER = """
asked 1; asked 1; asked 1; asked 2; asked 2
recorded; speak 6; press #
asked 1; heard; heard; wait 20
"""
"""Chinese, fault report, the known address, a whole building, a wire on the ground; a message; this number."""

LOST = 1.0
"""Seconds of records that a kill may take: the rhythm in which they are written."""

WRITING = 1.5
"""Seconds more that a write may be on its way, on a machine that runs a suite beside."""

ASKING = ("menu", "gather")


class WithIvr(System):
    """Clock and ivr as processes."""

    def _command(self, name: str) -> list[str]:
        command = super()._command("clock" if name == "ivr" else name)
        return [*command[:-2], "ivr", "serve"] if name == "ivr" else command


@dataclass
class Round:
    """Calls until one kill. `asked` are times at which each call was asked for keys; `ended` how each ended."""

    killed_at: float = 0.0
    asked: dict[str, list[float]] = field(default_factory=dict)
    ended: dict[str, Ended] = field(default_factory=dict)
    late: Ended | None = None


async def ride(system: System, port: int, link: int, *, calls: int, after: float) -> Round:
    """Calls at once, a kill `after` seconds from the first, a call when nobody is there, and a new process."""
    switch = Switch(ivr=[("127.0.0.1", port)], speed=8)
    await switch.start(link)
    found = Round()

    def noticed(leg: Leg, what: str, _played: str) -> None:
        if what == "asked":
            found.asked.setdefault(leg.uuid, []).append(time.monotonic())

    switch.on_notice = noticed

    async def call(n: int) -> None:
        await asyncio.sleep(n * 0.3)
        ended = await switch.call(Script.read(CALLER))
        found.ended[ended.leg.uuid] = ended

    system.start("ivr")
    await listening(port)
    running = [asyncio.create_task(call(n)) for n in range(calls)]
    await asyncio.sleep(after)
    found.killed_at = time.monotonic()
    await asyncio.to_thread(system.kill, "ivr")
    await asyncio.wait_for(asyncio.gather(*running), 60)
    found.late = await switch.call(Script.read("wait 1"))
    system.start("ivr")
    try:
        await listening(port)
        for _look in range(300):  # the link is up, and what nobody sees any more is closed
            await asyncio.sleep(0.2)
            if not await asyncio.to_thread(still_open):
                break
    finally:
        await asyncio.to_thread(system.kill, "ivr")
        await switch.stop()
    return found


async def listening(port: int) -> None:
    """Until the ivr process takes calls."""
    for _attempt in range(600):
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.2)
        else:
            writer.close()
            return
    raise TimeoutError("the ivr process does not listen")


def still_open() -> int:
    session.rollback()
    count = session.scalar(sa.select(sa.func.count()).where(Call.ended_at.is_(None))) or 0
    session.remove()
    return count


def problems(found: Round) -> list[str]:
    """What does not hold; empty where all does."""
    session.rollback()
    wrong = []
    if found.late is None or not found.late.fallback:
        wrong.append("a call that nobody took did not go on in the dialplan")
    if open_calls := still_open():
        wrong.append(f"{open_calls} calls are open on record though nobody is on the line")
    for key, ended in found.ended.items():
        if not ended.fallback and not ended.cause:
            wrong.append(f"{key}: neither ended nor in the dialplan")
        wrong += _record(key, found) + _effects(key)
    return wrong


def _record(key: str, found: Round) -> list[str]:
    """Whether what was asked up to a second before the kill is on record."""
    must = sum(1 for at in found.asked.get(key, ()) if at <= found.killed_at - LOST - WRITING)
    call = session.scalar(sa.select(Call).where(Call.key == key))
    if call is None:
        return [f"{key}: asked {must} times, and no record"] if must else []
    steps = session.scalars(sa.select(CallStep).where(CallStep.call_id == call.id).order_by(CallStep.n)).all()
    kept = sum(1 for step in steps if step.kind in ASKING)
    wrong = [f"{key}: asked {must} times, {kept} on record"] if kept < must else []
    if [step.n for step in steps] != list(range(1, len(steps) + 1)):
        wrong.append(f"{key}: steps {[step.n for step in steps]}")
    if call.ended_at is not None and call.ended_at < call.began_at:
        wrong.append(f"{key}: ended before it began")
    return wrong


def _effects(key: str) -> list[str]:
    """Whether the report of a call was made once at most, and made where the call had come to it."""
    made = len(engine.list_instances(business_key=key, process_key="ivr_fault_report"))
    reached = session.scalar(
        sa.select(sa.func.count())
        .select_from(CallStep)
        .join(Call, Call.id == CallStep.call_id)
        .where(Call.key == key, CallStep.kind == "start_process", CallStep.exit == "next")
    )
    wrong = [f"{key}: {made} reports"] if made > 1 else []
    return [*wrong, f"{key}: reported on record, and no report"] if reached and not made else wrong


def moments(kills: int, seed: int) -> list[float]:
    """When to kill, in seconds from a first call."""
    chosen = random.Random(seed)
    return [chosen.uniform(1.0, 8.0) for _kill in range(kills)]
