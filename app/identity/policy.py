"""The rules of sign-in as data: lock-out, lengths, life times. From the environment, `LIGHTLINE_SIGN_IN_*`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import Flask, current_app


@dataclass(frozen=True, slots=True)
class Policy:
    """`failures` within `window` lock an account until the first of them is older than the window.

    `address_rate` limits sign-in by network address (Flask-Limiter's notation; staff of one
    office may share an address). `password_min` counts characters; `session_life` is the
    time without a request after which one signs in again; `token_life` the longest an API
    token may live.
    """

    failures: int = 5
    window: timedelta = timedelta(minutes=15)
    address_rate: str = "60 per minute;600 per hour"
    password_min: int = 10
    session_life: timedelta = timedelta(hours=12)
    token_life: timedelta = timedelta(days=366)

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> Policy:
        """Read the policy; what the environment does not name keeps its default."""
        env = os.environ if env is None else env
        default = cls()

        def number(name: str, otherwise: float) -> int:
            return int(env.get(f"LIGHTLINE_SIGN_IN_{name}", otherwise))

        return cls(
            failures=number("FAILURES", default.failures),
            window=timedelta(minutes=number("WINDOW_MINUTES", default.window / timedelta(minutes=1))),
            address_rate=env.get("LIGHTLINE_SIGN_IN_ADDRESS_RATE", default.address_rate),
            password_min=number("PASSWORD_MIN", default.password_min),
            session_life=timedelta(hours=number("SESSION_HOURS", default.session_life / timedelta(hours=1))),
            token_life=timedelta(days=number("TOKEN_DAYS", default.token_life / timedelta(days=1))),
        )


def init_app(app: Flask, policy: Policy | None = None) -> None:
    app.extensions["lightline.policy"] = policy or Policy.from_environment()


def current() -> Policy:
    """The policy of the running application."""
    return cast(Policy, current_app.extensions["lightline.policy"])
