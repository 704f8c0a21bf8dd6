"""FreeSWITCH's event socket: our own small client, because no kept library survives loss, injection and odd bytes.

It knows no business. `framing` turns bytes into frames, `events` reads what they say, `guard` refuses what
could command the switch, `commands` writes what we say; `connection` matches replies to commands, `channel`
is a call on the outbound socket, `server` takes the calls in, `link` is the one inbound connection that
drives FreeSWITCH itself. Nothing here waits without a time limit or buffers without a bound.
"""

from __future__ import annotations

from app.telephony.esl.channel import Channel, Result
from app.telephony.esl.connection import Lost, Refused, TimedOut
from app.telephony.esl.events import Event
from app.telephony.esl.framing import Frame, Framer, Malformed
from app.telephony.esl.guard import Injection
from app.telephony.esl.link import Link
from app.telephony.esl.server import Server

__all__ = [
    "Channel",
    "Event",
    "Frame",
    "Framer",
    "Injection",
    "Link",
    "Lost",
    "Malformed",
    "Refused",
    "Result",
    "Server",
    "TimedOut",
]
