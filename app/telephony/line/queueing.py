"""Waiting for an agent in a queue of mod_callcenter, which knows no announcements, offers or per-call limits.

Those are ours: while the caller waits, a task asks for the place through the inbound link and broadcasts what
is to be said; to leave, a key that no telephone has (`D`) is injected among the queue's exit keys. Without
the link the caller waits with music alone, as long as the queue's own limit says.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from app.telephony.calls import CallLog
from app.telephony.esl import Channel, Injection, Lost, Refused, Result, TimedOut, guard
from app.telephony.ivr.commands import Queue
from app.telephony.ivr.events import Done, Event
from app.telephony.ivr.pieces import Piece, Prompt, Spoken
from app.telephony.line.house import House
from app.telephony.line.media import Ear
from app.telephony.line.talking import TALK_LIMIT, Talk

log = structlog.get_logger(__name__)

LEAVE = "D"
"""A tone of the standard that no caller's telephone has: our own way out of a queue."""

STEP = 1.0
ASK_LIMIT = 3.0
NO_LINK = (Lost, TimedOut, Refused)


async def wait(ear: Ear, command: Queue, house: House, record: CallLog) -> Event:
    """Wait and talk. Done with the outcome, as `commands.Queue` promises."""
    channel = ear.channel
    queue = f"{guard.name(command.name)}@{house.telephony.domain}"
    if (refused := await _no_use(house, queue)) is not None:
        record.note(queue=command.name)
        return Done(command.id, {"outcome": refused, "waited": 0, "talked": 0})
    await channel.set("hangup_after_bridge", "false")
    await channel.set("cc_exit_keys", command.keys + LEAVE)
    await channel.set("cc_base_score", str(max(0, command.priority) * 10))
    record.note(queue=command.name)
    n = len(record.legs) + 1
    record.leg(n, kind="agent", queue=command.name, offered_at=house.now())
    talk, began = Talk(), asyncio.get_running_loop().time()
    ear.keys = ""
    channel.on_events(talk.told)
    beside = asyncio.get_running_loop().create_task(_beside(channel, command, house, queue, talk))
    try:
        result = await channel.execute("callcenter", queue, timeout=command.max_wait + TALK_LIMIT)
    finally:
        channel.on_events(None)
        beside.cancel()
    now = asyncio.get_running_loop().time()
    waited = round((talk.began or now) - began)
    outcome, key = _outcome(command, ear, talk, result, timed_out=_value(beside) == "timeout")
    agent = result.variable("cc_agent").partition("@")[0]
    record.leg(
        n,
        party=agent,
        uuid=talk.other or result.variable("cc_agent_uuid"),
        answered_at=house.now() if talk.began else None,
        ended_at=house.now(),
        result=outcome,
    )
    _noted(record, outcome, agent, waited, round(talk.seconds))
    return Done(
        command.id,
        {"outcome": outcome, "key": key, "agent": agent, "waited": waited, "talked": round(talk.seconds)},
    )


def _noted(record: CallLog, outcome: str, agent: str, waited: int, talked: int) -> None:
    head = record.head
    record.note(waited=head.get("waited", 0) + waited, talked=head.get("talked", 0) + talked)
    if outcome == "answered":
        record.note(agent=agent, outcome="agent")
    elif outcome == "abandoned":
        record.note(outcome="abandoned")


def _outcome(command: Queue, ear: Ear, talk: Talk, result: Result, *, timed_out: bool) -> tuple[str, str]:
    """What came of it, and the key that left the queue."""
    if talk.began or result.variable("cc_cause") == "answered":
        return "answered", ""
    if not result.alive:
        return "abandoned", ""
    reason = result.variable("cc_cancel_reason")
    if timed_out or reason in {"TIMEOUT", "NO_AGENT_TIMEOUT"}:
        return "timeout", ""
    if reason == "EXIT_WITH_KEY":
        pressed = [key for key in ear.keys if key in command.keys]
        return ("key", pressed[-1]) if pressed else ("timeout", "")
    return "no_agents", ""


async def _no_use(house: House, queue: str) -> str | None:
    """Why waiting would be in vain: nobody is there, or too many wait. None where nothing speaks against it."""
    link = house.link
    if link is None or not link.up:
        return None
    with suppress(*NO_LINK):
        there = await link.api(f"callcenter_config queue count agents {queue}", timeout=ASK_LIMIT)
        out = await link.api(f"callcenter_config queue count agents {queue} Logged Out", timeout=ASK_LIMIT)
        if _number(there) is not None and _number(there) == _number(out):
            return "no_agents"
        most = house.queue_bounds.get(queue.partition("@")[0], 0)
        waiting = await link.api(f"callcenter_config queue count members {queue}", timeout=ASK_LIMIT)
        if most and (_number(waiting) or 0) >= most:
            return "full"
    return None


async def _beside(channel: Channel, command: Queue, house: House, queue: str, talk: Talk) -> str:
    """Announce, offer, and end the waiting at its limit; `timeout` where it was ended."""
    loop = asyncio.get_running_loop()
    began = announced = loop.time()
    offered = False
    while channel.alive and not talk.began:
        await asyncio.sleep(STEP)
        now = loop.time()
        if talk.began:
            break
        if now - began >= command.max_wait:
            await _leave(channel, house)
            return "timeout"
        if command.offer and not offered and now - began >= command.offer_after:
            offered = True
            announced = now
            await _say(channel, house, command.offer, command.language)
        elif command.announce_every and now - announced >= command.announce_every:
            announced = now
            if pieces := await _announcement(channel, command, house, queue):
                await _say(channel, house, (*pieces, *(command.offer if offered else ())), command.language)
    return ""


async def _announcement(channel: Channel, command: Queue, house: House, queue: str) -> tuple[Piece, ...]:
    """The caller's place and what waiting it likely means."""
    if not (command.position or command.estimate) or house.link is None:
        return ()
    try:
        table = await house.link.api(f"callcenter_config queue list members {queue}", timeout=ASK_LIMIT)
        free = await house.link.api(f"callcenter_config queue count agents {queue} Available", timeout=ASK_LIMIT)
    except NO_LINK:
        return ()
    place = place_of(table, channel.uuid)
    if place is None:
        return ()
    pieces: tuple[Piece, ...] = ()
    if command.position:
        pieces += (Prompt("queue.position"), Spoken("number", place))
    if command.estimate and house.handling_seconds and (agents := _number(free)):
        minutes = max(1, round(place * house.handling_seconds / agents / 60))
        pieces += (Prompt("queue.estimate"), Spoken("duration", minutes * 60))
    return pieces


def place_of(table: str, uuid: str) -> int | None:
    """The place of a caller in `queue list members`, by its own columns; None where it is not there."""
    lines = [line.split("|") for line in table.strip().splitlines() if "|" in line]
    if not lines:
        return None
    columns, rows = lines[0], lines[1:]
    waiting = [
        row
        for row in (dict(zip(columns, row, strict=False)) for row in rows)
        if row.get("state", "Waiting") in {"Waiting", "Trying"}
    ]
    for n, row in enumerate(waiting, start=1):
        if uuid in {row.get("session_uuid"), row.get("uuid")}:
            return n
    return None


async def _say(channel: Channel, house: House, pieces: tuple[Piece, ...], language: str) -> None:
    sound = await house.saying.sound(pieces, language)
    if sound.argument and house.link is not None:
        with suppress(*NO_LINK, Injection):
            await house.link.api(f"uuid_broadcast {channel.uuid} {sound.argument} aleg", timeout=ASK_LIMIT)


async def _leave(channel: Channel, house: House) -> None:
    """Have the caller leave the queue. Where the link is down the queue's own limit ends it."""
    if house.link is not None:
        with suppress(*NO_LINK):
            await house.link.api(f"uuid_recv_dtmf {channel.uuid} {LEAVE}", timeout=ASK_LIMIT)


def _number(text: str) -> int | None:
    digits = text.strip().splitlines()[0].strip() if text.strip() else ""
    return int(digits) if digits.isdigit() else None


def _value(task: asyncio.Task[str]) -> str:
    return task.result() if task.done() and not task.cancelled() and task.exception() is None else ""
