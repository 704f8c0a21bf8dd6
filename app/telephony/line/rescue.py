"""When our house is broken: an apology and an agent, without flows, database or link."""

from __future__ import annotations

from contextlib import suppress

import structlog

from app.telephony.calls import CallLog
from app.telephony.esl import Channel, Lost, Refused, TimedOut
from app.telephony.line.house import House

log = structlog.get_logger(__name__)

TONE = "tone_stream://%(300,200,425);loops=3"
"""Where not even a recorded apology is there: the tone of a busy line, which people know."""

MOST_WAIT = 3600.0


async def rescue(channel: Channel, house: House, record: CallLog) -> None:
    """Apologise and hand the caller to the agents' queue; at the end hang up."""
    house.live.rescued += 1
    record.note(outcome="fallback")
    queue = house.telephony.rescue_queue
    with suppress(TimedOut, Refused):
        await channel.execute("answer", timeout=10)
        await channel.execute("set", "playback_terminators=none", timeout=10)
        await channel.execute("playback", house.rescue_sound or TONE, timeout=60)
        record.note(queue=queue)
        result = await channel.execute("callcenter", f"{queue}@{house.telephony.domain}", timeout=MOST_WAIT)
        if agent := result.variable("cc_agent").partition("@")[0]:
            record.note(agent=agent)
    with suppress(TimedOut, Refused, Lost):
        await channel.execute("hangup", "NORMAL_CLEARING", timeout=10)
