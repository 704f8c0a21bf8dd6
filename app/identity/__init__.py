"""Organisation, posts, users, roles, permissions and sign-in.

Others ask `queries` and `authority`, act through `operations`, and learn at the edge who
calls from `session`. Invariants: validity is half-open; rights come only from appointments;
no right is given by somebody who could not use it there; nothing here knows a domain.
"""

from __future__ import annotations

from flask import Flask

from app.identity import access, cli, policy, security, session, standard, views
from app.kernel import i18n
from app.web import access as web_access


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    standard.define_permissions(standard.read())
    policy.init_app(app)
    security.init_app(app)
    session.init_app(app)
    web_access.set_checker(app, access.Checker())
    i18n.set_user_locale(app, session.preferred_locale)
    views.init_app(app)
    cli.init_app(app)
