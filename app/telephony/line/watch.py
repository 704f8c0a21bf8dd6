"""How the ivr process is: `/healthz`, `/readyz` and `/metrics` on loopback, a few lines of HTTP in the loop itself.

That it answers at all shows that the loop is not stuck.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import orjson

Answer = tuple[int, str, bytes]
REQUEST_LIMIT = 8192


class Watch:
    """A tiny server. `state` gives what `/readyz` shows, with `ready` in it; `figures` the gauges."""

    def __init__(self, state: Callable[[], Mapping[str, Any]], figures: Callable[[], Mapping[str, float]]) -> None:
        self._state, self._figures = state, figures
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def listen(self, host: str, port: int) -> None:
        """Begin. Raises `OSError` where the place is taken."""
        self._server = await asyncio.start_server(self._take, host, port, limit=REQUEST_LIMIT)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(5):
                head = await reader.readuntil(b"\r\n\r\n")
            words = head.split(b"\r\n", 1)[0].split(b" ")
            status, kind, body = self._answer(words[1].decode("latin-1") if len(words) == 3 else "")
            writer.write(
                b"HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                % (status, b"OK" if status == 200 else b"No", kind.encode(), len(body))
                + body
            )
            await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    def _answer(self, path: str) -> Answer:
        match path.partition("?")[0]:
            case "/healthz":
                return 200, "application/json", b'{"status":"ok"}'
            case "/readyz":
                state = dict(self._state())
                ready = bool(state.pop("ready", False))
                body = orjson.dumps({"status": "ready" if ready else "not ready", "checks": state})
                return 200 if ready else 503, "application/json", body
            case "/metrics":
                return 200, "text/plain; version=0.0.4", exposed(self._figures()).encode()
        return 404, "text/plain", b"not found"


def exposed(figures: Mapping[str, float]) -> str:
    """Figures as Prometheus reads them: a name may carry labels, its type is told once, before its first."""
    lines, told = [], set()
    for name, value in figures.items():
        family = name.partition("{")[0]
        if family not in told:
            told.add(family)
            lines.append(f"# TYPE {family} gauge\n")
        lines.append(f"{name} {value:g}\n")
    return "".join(lines)
