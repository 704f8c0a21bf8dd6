"""The session cookie, signed with its time, on several machines whose clocks are a little off each other.

itsdangerous refuses a signature from the future. The cookie one web signed at the very end
of a second would be none to another web whose clock is a moment behind, and a clock that is
put back would sign everybody out. Here a time to come counts as long as one that is past:
it is our own signature, and the session still ends after its lifetime.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class ForgivingSigner(TimestampSigner):
    """Measures how far a signature's time is from now, whichever way."""

    def unsign(self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        value, signed_at = super().unsign(signed_value, max_age=None, return_timestamp=True)
        away = abs(self.get_timestamp() - int(signed_at.timestamp()))
        if max_age is not None and away > max_age:
            raise SignatureExpired(f"{away} seconds away", payload=value, date_signed=signed_at)
        return (value, signed_at) if return_timestamp else value


class ForgivingSessions(SecureCookieSessionInterface):
    """Flask's own sessions, with that signer."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        found = super().get_signing_serializer(app)
        if found is not None:
            found.signer = ForgivingSigner
        return found
