"""How this installation is tied to its FreeSWITCH, read once from the environment."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, current_app

KEY = "lightline.telephony"


@dataclass(frozen=True, slots=True)
class Telephony:
    """`listen` is where FreeSWITCH's dialplan finds us (`LIGHTLINE_IVR_LISTEN`), `switch` its event socket
    (`LIGHTLINE_FREESWITCH`, empty where there is none) with `password`; `watch` is where the ivr process tells
    how it is (`LIGHTLINE_IVR_WATCH`). `trunk` and `extension` are dial strings, `{number}` in them.

    `socket` is our place as the switch sees it, for calls that we make. `recordings` is a folder that FreeSWITCH
    writes and we read; `most_calls` the calls one process takes, `drain` the seconds that calls may go on after
    a stop; `domain` the name in SIP addresses and queues. `token` is what FreeSWITCH shows when it asks us for
    users and queues.
    """

    listen: tuple[str, int] = ("127.0.0.1", 8084)
    switch: tuple[str, int] | None = None
    password: str = field(default="", repr=False)
    watch: tuple[str, int] | None = ("127.0.0.1", 8085)
    token: str = field(default="", repr=False)
    recordings: Path = Path("recordings")
    domain: str = "lightline"
    trunk: str = "sofia/gateway/trunk/{number}"
    extension: str = "user/{number}@lightline"
    socket: str = "127.0.0.1:8084"
    caller_id: str = "95598"
    entry: str = "line_95598"
    rescue_queue: str = "service"
    most_calls: int = 1500
    most_outbound: int = 30
    drain: float = 120.0
    server: str = ""

    @classmethod
    def from_environment(cls, instance: Path, env: Mapping[str, str] | None = None) -> Telephony:
        """Read `LIGHTLINE_IVR_*`, `LIGHTLINE_FREESWITCH*`. Raises `ValueError` on a place that is none."""
        env = os.environ if env is None else env
        switch = env.get("LIGHTLINE_FREESWITCH", "")
        watch = env.get("LIGHTLINE_IVR_WATCH", "127.0.0.1:8085")
        domain = env.get("LIGHTLINE_IVR_DOMAIN", "lightline")
        return cls(
            listen=place(env.get("LIGHTLINE_IVR_LISTEN", "127.0.0.1:8084")),
            switch=place(switch) if switch else None,
            password=env.get("LIGHTLINE_FREESWITCH_PASSWORD", ""),
            watch=place(watch) if watch != "off" else None,
            token=env.get("LIGHTLINE_FREESWITCH_TOKEN", ""),
            recordings=Path(env.get("LIGHTLINE_RECORDINGS") or instance / "recordings"),
            domain=domain,
            trunk=env.get("LIGHTLINE_IVR_TRUNK", "sofia/gateway/trunk/{number}"),
            extension=env.get("LIGHTLINE_IVR_EXTENSION", f"user/{{number}}@{domain}"),
            socket=env.get("LIGHTLINE_IVR_SOCKET") or env.get("LIGHTLINE_IVR_LISTEN", "127.0.0.1:8084"),
            caller_id=env.get("LIGHTLINE_IVR_CALLER_ID", "95598"),
            entry=env.get("LIGHTLINE_IVR_FLOW", "line_95598"),
            rescue_queue=env.get("LIGHTLINE_IVR_RESCUE_QUEUE", "service"),
            most_calls=int(env.get("LIGHTLINE_IVR_CALLS", 1500)),
            most_outbound=int(env.get("LIGHTLINE_IVR_OUTBOUND", 30)),
            drain=float(env.get("LIGHTLINE_IVR_DRAIN", 120)),
            server=env.get("LIGHTLINE_IVR_NAME", socket.gethostname())[:60],
        )


def place(text: str) -> tuple[str, int]:
    """`host:port`. Raises `ValueError`."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit():
        raise ValueError(f"not a place like 127.0.0.1:8084: {text!r}")
    return host.strip("[]"), int(port)


def current() -> Telephony:
    """That of the running application."""
    found: Telephony = current_app.extensions[KEY]
    return found


def init_app(app: Flask, instance: Path) -> None:
    """Keep it with the application."""
    app.extensions.setdefault(KEY, Telephony.from_environment(instance))
