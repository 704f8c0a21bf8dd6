"""The analysts' pages, one subject a file."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.telephony.operations.flows import READ
from app.telephony.operations.switches import SWITCH
from app.telephony.workbench.views import flow, flows, switching, trying
from app.telephony.workbench.views.blueprint import blueprint
from app.web import navigation

__all__ = ["flow", "flows", "switching", "trying"]


def init_app(app: Flask) -> None:
    """Add the pages and their entries in the menu."""
    app.register_blueprint(blueprint)
    navigation.add("ivr.flows", _l("Flows of the line"), "sitemap", (READ,), "manage", 61)
    navigation.add("ivr.switches", _l("Notices and hours"), "speakerphone", (SWITCH,), "manage", 63)
