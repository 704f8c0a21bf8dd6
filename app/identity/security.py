"""Flask-Security: sessions, password hashing and one-time codes.

Its own views stay unregistered: theirs commit, answer in their own words and differ in time
between a known and an unknown name. Ours (`views.signin`, `views.two_factor`) use its parts.
"""

from __future__ import annotations

from flask import Flask
from flask_security import Security

from app.identity.cookies import ForgivingSessions
from app.identity.datastore import Datastore
from app.identity.totp import ClockedTotp
from app.kernel.settings import Settings

CHEAP_ARGON2 = {"argon2__time_cost": 1, "argon2__memory_cost": 1024, "argon2__parallelism": 1}
"""For tests: argon2 that takes a millisecond."""


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["lightline.settings"]
    app.config.update(
        SECURITY_PASSWORD_SALT=settings.password_salt,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  (names of methods, no passwords)
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=CHEAP_ARGON2 if settings.testing else {},
        SECURITY_PASSWORD_NORMALIZE_FORM="NFKC",  # noqa: S106
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TWO_FACTOR_RESCUE_EMAIL=False,
        SECURITY_TOTP_SECRETS={"1": settings.secret_key},
        SECURITY_TOTP_ISSUER="Lightline",
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_DEFAULT_REMEMBER_ME=False,
        PERMANENT_SESSION_LIFETIME=app.extensions["lightline.policy"].session_life,
    )
    app.session_interface = ForgivingSessions()
    with app.app_context():  # the clock is tried at once
        Security(app, Datastore(), register_blueprint=False, totp_cls=ClockedTotp)
