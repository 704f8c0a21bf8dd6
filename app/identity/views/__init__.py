"""Pages of identity. One file is one place people go to; each view is one operation or query."""

from __future__ import annotations

from flask import Flask

from app.identity.views import absence, accounts, frame, posts, profile, signin, tokens, trail, two_factor, units, users
from app.identity.views.blueprint import blueprint
from app.web.application import owns_transaction

__all__ = ["absence", "accounts", "posts", "profile", "tokens", "trail", "two_factor", "units", "users"]


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    for endpoint in ("sign_in", "second_factor"):
        owns_transaction(app, f"identity.{endpoint}")
    signin.init_app(app)
    frame.init_app(app)
