"""Pages of calls: the list, one call's time-line, its recordings."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.telephony.calls.queries import READ
from app.telephony.calls.views import pages
from app.telephony.calls.views.pages import blueprint
from app.web import navigation, shell

__all__ = ["pages"]


def init_app(app: Flask) -> None:
    """Add the pages and their entry in the menu."""
    app.register_blueprint(blueprint)
    shell.add_slot(app, "topbar", "calls/_talk.html", pages.talk_context)
    navigation.add("calls.index", _l("Calls on record"), "phone-call", (READ,), "service", 30)
