"""The shell of every page: layout, components, navigation, errors, security headers, front-end bundle.

Knows no domain and no user: domains add pages and navigation entries, identity says who calls.
"""

from __future__ import annotations

from flask import Blueprint, Flask

from app.web import access, assets, errors, home, language, live, navigation, rich_text, security, shell, texts, times

blueprint = Blueprint("web", __name__, template_folder="templates")


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    security.init_app(app)
    access.init_app(app)
    assets.init_app(app)
    language.init_app(app)
    navigation.init_app(app)
    shell.init_app(app)
    rich_text.init_app(app)
    texts.init_app(app)
    times.init_app(app)
    errors.init_app(app)
    home.init_app(app)
    live.init_app(app)
    app.register_blueprint(blueprint)
