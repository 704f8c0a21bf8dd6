"""How agents' browsers reach the switch, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, current_app

KEY = "lightline.phone"
HERE = frozenset({"127.0.0.1", "localhost", "::1"})
ICE = ("stun:", "stuns:", "turn:", "turns:")


@dataclass(frozen=True, slots=True)
class PhoneSettings:
    """`wss` is where browsers speak SIP (`LIGHTLINE_PHONE_WSS`, `wss://phone.example.com:7443`), empty where agents
    have telephones alone. `ice` are addresses of STUN and TURN (`LIGHTLINE_PHONE_ICE`, parted by commas);
    `turn_secret` is the one shared with the TURN server (coturn's `static-auth-secret`), of which passwords that
    last `life` are made. `life` is also how long a browser's password for the switch is good.
    """

    wss: str = ""
    ice: tuple[str, ...] = ()
    turn_secret: str = field(default="", repr=False)
    life: timedelta = timedelta(minutes=10)

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> PhoneSettings:
        """Read `LIGHTLINE_PHONE_*`. Raises `ValueError` on an address that is none, or that is not secure."""
        env = os.environ if env is None else env
        ice = tuple(part.strip() for part in env.get("LIGHTLINE_PHONE_ICE", "").split(",") if part.strip())
        if wrong := [part for part in ice if not part.startswith(ICE)]:
            raise ValueError(f"LIGHTLINE_PHONE_ICE: not an address of STUN or TURN: {wrong[0]!r}")
        return cls(
            wss=_secure(env.get("LIGHTLINE_PHONE_WSS", "").strip()),
            ice=ice,
            turn_secret=env.get("LIGHTLINE_PHONE_TURN_SECRET", ""),
        )

    @property
    def origin(self) -> str:
        """What a page's content security policy must allow; empty without an address."""
        parts = urlsplit(self.wss)
        return f"{parts.scheme}://{parts.netloc}" if self.wss else ""


def _secure(address: str) -> str:
    """An address of SIP over WebSocket: encrypted, but for a trial on this machine."""
    if not address:
        return ""
    parts = urlsplit(address)
    trial = parts.scheme == "ws" and parts.hostname in HERE
    plain = not parts.username and not parts.password and not any(mark in address for mark in " ;,'\"")
    if not plain or not parts.hostname or not (parts.scheme == "wss" or trial):
        raise ValueError(f"LIGHTLINE_PHONE_WSS: an address like wss://phone.example.com:7443 is wanted: {address!r}")
    return address


def current() -> PhoneSettings:
    """Those of the running application."""
    found: PhoneSettings = current_app.extensions[KEY]
    return found


def init_app(app: Flask) -> None:
    """Keep them with the application."""
    app.extensions.setdefault(KEY, PhoneSettings.from_environment())
