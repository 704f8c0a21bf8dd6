"""One-time codes (RFC 6238, TOTP) on the application's clock, each accepted once.

Secrets are stored encrypted with the application's secret key.
"""

from __future__ import annotations

from typing import Any, cast

from flask_security import Totp
from passlib.totp import TOTP, TotpMatch

from app.identity.models import User
from app.kernel import clock

WINDOW = 30
"""Seconds a code may be early or late: one step of RFC 6238, section 5.2."""


class ClockedTotp(Totp):
    """Flask-Security's TOTP with an injected clock, and the counter kept against replay."""

    def __init__(self, secrets: Any, issuer: str) -> None:
        super().__init__(secrets, issuer)
        self._totp: Any = TOTP.using(issuer=issuer, secrets=secrets, now=lambda: clock.now().timestamp())

    def get_last_counter(self, user: Any) -> int | None:
        return cast(User, user).totp_counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        cast(User, user).totp_counter = tmatch.counter
