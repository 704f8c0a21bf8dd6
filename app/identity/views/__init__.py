"""Pages of identity. One file is one place people go to; each view is one operation or query."""

from __future__ import annotations

from flask import Flask

from app.identity.views import signin
from app.identity.views.blueprint import blueprint
from app.web.application import owns_transaction


def init_app(app: Flask) -> None:
    signin.init_app(app)
    app.register_blueprint(blueprint)
    for endpoint in ("sign_in", "second_factor"):
        owns_transaction(app, f"identity.{endpoint}")
