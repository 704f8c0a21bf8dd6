"""Events as FreeSWITCH writes them: the same headers in the same order, json or plain."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

Values = dict[str, str]

SOURCES = {
    "CHANNEL_DATA": ("mod_event_socket.c", "parse_command", "2029"),
    "CHANNEL_EXECUTE": ("switch_core_session.c", "switch_core_session_exec", "2949"),
    "CHANNEL_EXECUTE_COMPLETE": ("switch_core_session.c", "switch_core_session_exec", "2972"),
    "CHANNEL_ANSWER": ("switch_channel.c", "switch_channel_perform_mark_answered", "3848"),
    "CHANNEL_HANGUP": ("switch_channel.c", "switch_channel_perform_hangup", "3447"),
    "CHANNEL_STATE": ("switch_channel.c", "switch_channel_perform_set_running_state", "2409"),
    "CHANNEL_HANGUP_COMPLETE": ("switch_core_state_machine.c", "switch_core_session_reporting_state", "943"),
    "CHANNEL_UNPARK": ("switch_ivr.c", "switch_ivr_park", "1213"),
    "CHANNEL_CREATE": ("switch_core_state_machine.c", "switch_core_session_run", "626"),
    "CHANNEL_BRIDGE": ("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", "1812"),
    "CHANNEL_UNBRIDGE": ("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", "1893"),
    "DTMF": ("switch_channel.c", "switch_channel_dequeue_dtmf", "786"),
    "BACKGROUND_JOB": ("mod_event_socket.c", "api_exec", "1580"),
    "CUSTOM": ("mod_callcenter.c", "cc_agent_update", "1091"),
}
"""Where in FreeSWITCH each event is made: part of every event."""


@cache
def template() -> Mapping[str, list[tuple[str, str]]]:
    """The headers and variables of a recorded channel."""
    read: Any = orjson.loads(Path(__file__).with_name("channel.json").read_bytes())
    return {part: [(name, value) for name, value in entries] for part, entries in read.items()}


class Heads:
    """What every event of one switch begins with, numbered."""

    def __init__(self, now: Any) -> None:
        self._now = now
        self._numbers = itertools.count(500)

    def head(self, name: str, *, subclass: str = "", calling: tuple[str, str, str] | None = None) -> Values:
        """Headers from `Event-Name` to `Event-Sequence`."""
        moment: datetime = self._now()
        file, function, line = calling or SOURCES[name]
        values: Values = {"Event-Subclass": subclass} if subclass else {}
        values["Event-Name"] = name
        values.update(template()["core"])
        values |= {
            "Event-Date-Local": moment.strftime("%Y-%m-%d %H:%M:%S"),
            "Event-Date-GMT": format_datetime(moment.astimezone(UTC), usegmt=True),
            "Event-Date-Timestamp": str(int(moment.timestamp() * 1_000_000)),
            "Event-Calling-File": file,
            "Event-Calling-Function": function,
            "Event-Calling-Line-Number": line,
            "Event-Sequence": str(next(self._numbers)),
        }
        return values


def as_json(values: Mapping[str, str], body: str = "") -> bytes:
    """A frame of kind `text/event-json`."""
    if body:
        values = {**values, "Content-Length": str(len(body.encode())), "_body": body}
    text = orjson.dumps(values)
    return b"Content-Length: %d\nContent-Type: text/event-json\n\n%s" % (len(text), text)


def as_plain(values: Mapping[str, str], body: str = "") -> bytes:
    """A frame of kind `text/event-plain`: encoded headers within the body."""
    text = headers(values)
    if body:
        encoded = body.encode()
        text += b"Content-Length: %d\n\n%s" % (len(encoded), encoded)
    else:
        text += b"\n"
    return b"Content-Length: %d\nContent-Type: text/event-plain\n\n%s" % (len(text), text)


def headers(values: Mapping[str, str]) -> bytes:
    """Lines of headers, their values URL-encoded as FreeSWITCH does."""
    return "".join(f"{name}: {quote(value, safe=SAFE)}\n" for name, value in values.items()).encode()


SAFE = "/,!*'()~._-@=&?+;$"
"""Left as they are by FreeSWITCH, as its recordings show."""
