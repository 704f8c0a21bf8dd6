"""Bytes to frames. Lengths count bytes, never characters; a body may be anything.

A frame is a block of `Name: value` lines, an empty line, and `Content-Length` bytes where the block says so.
However the bytes arrive cut, the same frames come out; no more than the bounds is ever kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MAX_HEADERS = 1024 * 1024
"""A line may be longer than 64 KiB (a channel with many variables); a block of a mebibyte is no longer honest."""

MAX_BODY = 8 * 1024 * 1024


class Malformed(Exception):
    """These bytes are no frames: the connection cannot be read any further."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: its headers as they came (values may be URL-encoded), and its body."""

    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def kind(self) -> str:
        """`Content-Type`, empty where the frame has none."""
        return self.headers.get("Content-Type", "")


class Framer:
    """Reads frames from pieces of a stream. After `Malformed` it takes nothing more."""

    def __init__(self, *, max_headers: int = MAX_HEADERS, max_body: int = MAX_BODY) -> None:
        self._max_headers, self._max_body = max_headers, max_body
        self._buffer = bytearray()
        self._searched = 0
        self._headers: dict[str, str] | None = None
        self._need = 0
        self._broken = False

    @property
    def held(self) -> int:
        """Bytes kept for a frame that is not whole yet."""
        return len(self._buffer)

    @property
    def between(self) -> bool:
        """Whether the stream may end here without anything being cut off."""
        return not self._buffer and self._headers is None

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that these bytes complete. Raises `Malformed`; what came whole before it is lost with it."""
        if self._broken:
            raise Malformed("the stream is broken")
        frames: list[Frame] = []
        try:
            # A piece larger than the bounds is taken a part at a time, so that what is held stays bounded.
            for start in range(0, len(data), self._max_headers):
                self._buffer += data[start : start + self._max_headers]
                while (frame := self._next()) is not None:
                    frames.append(frame)
        except Malformed:
            self._broken = True
            self._buffer.clear()
            raise
        return frames

    def _next(self) -> Frame | None:
        if self._headers is None and not self._take_headers():
            return None
        if len(self._buffer) < self._need:
            return None
        assert self._headers is not None
        with memoryview(self._buffer) as held:
            frame = Frame(self._headers, bytes(held[: self._need]))
        del self._buffer[: self._need]
        self._headers, self._need, self._searched = None, 0, 0
        return frame

    def _take_headers(self) -> bool:
        if self._buffer[:1] == b"\n":
            # Blank lines between frames; so many as the piece has, they are never kept.
            del self._buffer[: len(self._buffer) - len(self._buffer.lstrip(b"\n"))]
        end = self._buffer.find(b"\n\n", max(0, self._searched - 1))
        if end < 0:
            self._searched = len(self._buffer)
            if self._searched > self._max_headers:
                raise Malformed("a block of headers without an end")
            return False
        if end > self._max_headers:
            raise Malformed("a block of headers without an end")
        headers = parse_headers(bytes(self._buffer[:end]))
        self._need = content_length(headers, self._max_body)
        del self._buffer[: end + 2]
        self._headers = headers
        return True


def parse_headers(block: bytes) -> dict[str, str]:
    """The lines of a block by name. Raises `Malformed` where a line is no header."""
    headers: dict[str, str] = {}
    for line in block.split(b"\n"):
        name, colon, value = line.rstrip(b"\r").partition(b":")
        if not colon or not name:
            raise Malformed(f"no header: {line[:80]!r}")
        headers[name.decode("latin-1").strip()] = value.decode("utf-8", "replace").strip()
    return headers


def content_length(headers: Mapping[str, str], most: int) -> int:
    """How many bytes follow the block. Raises `Malformed` where it is no number, or too many."""
    given = headers.get("Content-Length", "0")
    if not (given.isascii() and given.isdigit()) or len(given) > 12:
        raise Malformed(f"no length: {given[:40]!r}")
    if int(given) > most:
        raise Malformed(f"a body of {given} bytes")
    return int(given)
