"""Join the caller to somebody: a number, an extension, the dialplan's transfer."""

from __future__ import annotations

import asyncio

from app.telephony.calls import CallLog
from app.telephony.esl import Channel, Event, guard
from app.telephony.ivr import events
from app.telephony.ivr.commands import Bridge, Transfer
from app.telephony.line.house import House

TALK_LIMIT = 4 * 3600.0
EXTENSION_LENGTH = 5
"""Numbers up to so many digits are our own telephones; three-digit emergency numbers go out by the trunk."""

EMERGENCY = frozenset({"110", "119", "120", "122"})
OUTCOMES = {
    "SUCCESS": "answered",
    "USER_BUSY": "busy",
    "NO_ANSWER": "no_answer",
    "NO_USER_RESPONSE": "no_answer",
    "ALLOTTED_TIMEOUT": "no_answer",
    "ORIGINATOR_CANCEL": "no_answer",
}


def dial_string(house: House, number: str) -> str:
    """Where a number is reached. Raises `Injection`."""
    given = guard.number(number)
    own = len(given) <= EXTENSION_LENGTH and given not in EMERGENCY
    pattern = house.telephony.extension if own else house.telephony.trunk
    return pattern.replace("{number}", given)


async def bridge(channel: Channel, command: Bridge, house: House, log: CallLog) -> events.Event:
    """Call a number and join it; the flow goes on afterwards."""
    target = dial_string(house, command.number)
    await channel.set("hangup_after_bridge", "false")
    await channel.set("continue_on_fail", "true")
    await channel.set("call_timeout", str(max(1, round(command.timeout))))
    n = len(log.legs) + 1
    log.leg(n, kind="bridge", party=command.number, offered_at=house.now())
    talk = Talk()
    channel.on_events(talk.told)
    try:
        result = await channel.execute("bridge", target, timeout=command.timeout + TALK_LIMIT)
    finally:
        channel.on_events(None)
    disposition = result.variable("originate_disposition") or result.cause
    outcome = "answered" if talk.began else OUTCOMES.get(disposition, "failed")
    log.leg(
        n,
        answered_at=house.now() if talk.began else None,
        ended_at=house.now(),
        result=disposition[:40],
        uuid=talk.other,
    )
    return events.Done(command.id, {"outcome": outcome, "talked": round(talk.seconds)})


async def transfer(channel: Channel, command: Transfer, log: CallLog) -> events.Event:
    """Hand the caller to the dialplan for good; our socket ends with it."""
    number = guard.number(command.number)
    log.note(outcome="transferred")
    log.leg(len(log.legs) + 1, kind="transfer", party=number, offered_at=log.head["began_at"])
    await channel.execute("transfer", f"{number} XML lightline_transfer", timeout=10)
    return events.Done(command.id, {"outcome": "answered"})


class Talk:
    """Watches when two were joined and parted."""

    def __init__(self) -> None:
        self.began = 0.0
        self.ended = 0.0
        self.other = ""

    def told(self, event: Event) -> None:
        now = asyncio.get_running_loop().time()
        if event.name == "CHANNEL_BRIDGE" and not self.began:
            self.began = now
            self.other = event.get("Other-Leg-Unique-ID")[:80]
        elif event.name in {"CHANNEL_UNBRIDGE", "CHANNEL_HANGUP"} and self.began and not self.ended:
            self.ended = now

    @property
    def seconds(self) -> float:
        if not self.began:
            return 0.0
        return (self.ended or asyncio.get_running_loop().time()) - self.began
