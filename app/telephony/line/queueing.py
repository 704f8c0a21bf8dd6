"""Waiting for an agent in a queue of mod_callcenter, which knows no announcements, offers or per-call limits.

Those are ours: while the caller waits, a task asks for the place through the inbound link and broadcasts what
is to be said; to leave, a key that no telephone has (`D`) is injected among the queue's exit keys. Without
the link the caller waits with music alone, as long as the queue's own limit says.

What is taken from FreeSWITCH's source (mod_callcenter.c): a key of `cc_exit_keys` breaks the music
(`moh_on_dtmf`) and stands in `cc_exit_key`, while `cc_cancel_reason` is `BREAK_OUT` or, in later versions,
`EXIT_WITH_KEY`; a key pressed while something is broadcast to the caller goes to what plays and not to the
queue; commands are cut at blanks outside single quotes (`switch_separate_string`); lists have a line of columns
only where they have rows (`list_result_callback`), in the order of no service, with members who left
(`Abandoned`, for `discard-abandoned-after`) among them.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

import structlog

from app.telephony.calls import CallLog
from app.telephony.esl import Channel, Injection, Lost, Refused, Result, TimedOut, guard
from app.telephony.ivr.commands import Queue
from app.telephony.ivr.events import Done, Event
from app.telephony.ivr.pieces import Piece, Prompt, Spoken
from app.telephony.line.house import House
from app.telephony.line.media import Ear
from app.telephony.line.queue_events import LEAVE
from app.telephony.line.talking import TALK_LIMIT, Talk

log = structlog.get_logger(__name__)

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
    await channel.execute("unset", "cc_exit_key", timeout=10)
    await channel.set("cc_base_score", str(max(0, command.priority) * 10))
    record.note(queue=command.name)
    n = len(record.legs) + 1
    record.leg(n, kind="agent", queue=command.name, offered_at=house.now())
    talk, began = Talk(), asyncio.get_running_loop().time()
    ear.keys = ""
    channel.on_events(talk.told)
    waiting = Waiting(ear, command, house, queue, talk)
    beside = asyncio.get_running_loop().create_task(_beside(waiting))
    try:
        result = await channel.execute("callcenter", queue, timeout=command.max_wait + TALK_LIMIT)
    finally:
        channel.on_events(None)
        beside.cancel()
    now = asyncio.get_running_loop().time()
    waited = round((talk.began or now) - began)
    outcome, key = _outcome(command, ear, talk, result, timed_out=waiting.why == "timeout")
    if waiting.why and result.alive:  # more than one may have been sent
        await channel.execute("flush_dtmf", timeout=10)
    ear.keys = ""
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
    left_by, reason = result.variable("cc_exit_key"), result.variable("cc_cancel_reason")
    if left_by and left_by in command.keys:
        return "key", left_by
    if pressed := _pressed(ear, command):
        return "key", pressed
    if timed_out or left_by == LEAVE or reason in {"TIMEOUT", "NO_AGENT_TIMEOUT", "EXIT_WITH_KEY"}:
        return "timeout", ""
    return "no_agents", ""


def _pressed(ear: Ear, command: Queue) -> str:
    """The key by which the caller wants to leave; empty where there is none."""
    return next((key for key in reversed(ear.keys) if key in command.keys), "")


async def _no_use(house: House, queue: str) -> str | None:
    """Why waiting would be in vain: nobody is there, or too many wait. None where nothing speaks against it."""
    link = house.link
    if link is None or not link.up:
        return None
    with suppress(*NO_LINK):
        there = await link.api(f"callcenter_config queue count agents {queue}", timeout=ASK_LIMIT)
        out = await link.api(f"callcenter_config queue count agents {queue} 'Logged Out'", timeout=ASK_LIMIT)
        if _number(there) is not None and _number(there) == _number(out):
            return "no_agents"
        most = house.queue_bounds.get(queue.partition("@")[0], 0)
        if most:
            members = await link.api(f"callcenter_config queue list members {queue}", timeout=ASK_LIMIT)
            if len(waiting_in(members)) >= most:
                return "full"
    return None


@dataclass(slots=True)
class Waiting:
    """A caller who waits. `why` we have them leave: `timeout`, `key`, empty where we do not."""

    ear: Ear
    command: Queue
    house: House
    queue: str
    talk: Talk
    why: str = ""


async def _beside(waiting: Waiting) -> None:
    """Announce, offer, and end the waiting at its limit.

    A key of the offer that was pressed into an announcement never reached the queue: we leave for the caller.
    """
    ear, command, house, talk = waiting.ear, waiting.command, waiting.house, waiting.talk
    loop, channel = asyncio.get_running_loop(), ear.channel
    began = announced = loop.time()
    offered = False
    while channel.alive and not talk.began:
        await asyncio.sleep(STEP)
        now = loop.time()
        if talk.began:
            break
        late = now - began >= command.max_wait
        if late or _pressed(ear, command):
            waiting.why = waiting.why or ("timeout" if late else "key")
            await _leave(channel, house)
        elif command.offer and not offered and now - began >= command.offer_after:
            offered = True
            announced = now
            await _say(channel, house, command.offer, command.language)
        elif command.announce_every and now - announced >= command.announce_every:
            announced = now
            if pieces := await _announcement(channel, command, house, waiting.queue):
                await _say(channel, house, (*pieces, *(command.offer if offered else ())), command.language)


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


def waiting_in(table: str) -> list[dict[str, str]]:
    """Members of a queue who wait, next first, from `queue list members`, read by its own line of columns.

    Who is served next has the highest score: base and skill, and the seconds since the call came in
    (`time-base-score` is `system` in our queues).
    """
    lines = [line.split("|") for line in table.strip().splitlines() if "|" in line]
    if not lines:
        return []
    columns, rows = lines[0], lines[1:]
    members = [dict(zip(columns, row, strict=False)) for row in rows]
    there = [member for member in members if member.get("state") in {"Waiting", "Trying"}]
    return sorted(there, key=lambda member: (-_score(member), _whole(member.get("joined_epoch"))))


def place_of(table: str, uuid: str) -> int | None:
    """The place of a caller in `queue list members`; None where it is not there."""
    for n, member in enumerate(waiting_in(table), start=1):
        if uuid in {member.get("session_uuid"), member.get("uuid")}:
            return n
    return None


def _score(member: dict[str, str]) -> int:
    return _whole(member.get("base_score")) + _whole(member.get("skill_score")) - _whole(member.get("system_epoch"))


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


async def _say(channel: Channel, house: House, pieces: tuple[Piece, ...], language: str) -> None:
    sound = await house.saying.sound(pieces, language)
    if sound.argument and house.link is not None:
        with suppress(*NO_LINK, Injection):
            await house.link.api(f"uuid_broadcast {channel.uuid} {sound.argument} aleg", timeout=ASK_LIMIT)


async def _leave(channel: Channel, house: House) -> None:
    """Have the caller leave the queue; said again until they have, for what is broadcast takes the tone away.

    Where the link is down the queue's own limit ends the waiting."""
    if house.link is not None:
        with suppress(*NO_LINK):
            await house.link.api(f"uuid_recv_dtmf {channel.uuid} {LEAVE}", timeout=ASK_LIMIT)


def _number(text: str) -> int | None:
    digits = text.strip().splitlines()[0].strip() if text.strip() else ""
    return int(digits) if digits.isdigit() else None
