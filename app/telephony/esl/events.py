"""What a frame tells: events as plain names and values, json or plain, whatever bytes they hold."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from urllib.parse import unquote

import orjson

from app.telephony.esl.framing import MAX_BODY, Frame, Malformed, content_length, parse_headers

_NAME = re.compile(rb'(?:\{"Event-Name":"|Event-Name: )([A-Z_]+)["\r\n]')
"""The switch writes the name first, in both forms (seen in recordings)."""

EVENTS = frozenset({"text/event-json", "text/event-plain"})


@dataclass(frozen=True, slots=True)
class Event:
    """An event of FreeSWITCH: `name` is its `Event-Name`, values are decoded text."""

    values: Mapping[str, str]
    body: str = ""

    @property
    def name(self) -> str:
        return self.values.get("Event-Name", "")

    @property
    def subclass(self) -> str:
        """Of a CUSTOM event: `callcenter::info` and the like."""
        return self.values.get("Event-Subclass", "")

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def variable(self, name: str, default: str = "") -> str:
        """A variable of the channel as it stood at the event."""
        return self.values.get(f"variable_{name}", default)


def read(frame: Frame) -> Event:
    """The event in a frame of `EVENTS`. Raises `Malformed` where its body is none."""
    return _json(frame.body) if frame.kind == "text/event-json" else _plain(frame.body)


def is_named(frame: Frame, names: Set[bytes]) -> bool:
    """Whether a frame of `EVENTS` begins with one of these names: without reading the event, which is kilobytes."""
    found = _NAME.match(frame.body)
    return found is not None and found[1] in names


def of_headers(frame: Frame) -> Event:
    """The event that the frame's own headers are: the answer to `connect`."""
    return Event({name: unquote(value, errors="replace") for name, value in frame.headers.items()})


def _json(body: bytes) -> Event:
    try:
        values = orjson.loads(body)
    except orjson.JSONDecodeError:
        try:  # a caller's name need not be UTF-8: what cannot be read is replaced, the event counts
            values = json.loads(body.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            raise Malformed("an event that is no JSON") from None
    if not isinstance(values, dict):
        raise Malformed("an event that is no object")
    text = values.pop("_body", "")
    if not all(type(value) is str for value in values.values()):
        values = {name: value if isinstance(value, str) else _joined(value) for name, value in values.items()}
    return Event(values, text if isinstance(text, str) else "")


def _joined(value: object) -> str:
    """Headers that occur several times come as a list."""
    if isinstance(value, list):
        return "|".join(map(str, value[:1000]))
    return "" if value is None else str(value)


def _plain(body: bytes) -> Event:
    head, _empty, rest = body.partition(b"\n\n")
    headers = parse_headers(head)
    length = content_length(headers, MAX_BODY)
    values = {name: unquote(value, errors="replace") for name, value in headers.items()}
    return Event(values, rest[:length].decode("utf-8", "replace"))
