"""Messages to people: in-app notices, and deliveries by mail, text message, fax and phone (`deliveries`, `channels`).

Invariants: a person sees only their own notices; a notice leads only to a page of this
site; telling somebody never commits and is safe to repeat with a dedupe key.
"""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.identity import moves
from app.notify import bindings, channels, deliveries, models, retention, sending, views
from app.notify.channels import mail, text_message
from app.web import navigation, shell

__all__ = ["bindings", "deliveries", "init_app", "sending"]


def init_app(app: Flask) -> None:
    """Add the pages of notices, the bell in the frame and the services diagrams use."""
    retention.register()
    app.register_blueprint(views.blueprint)
    shell.add_slot(app, "topbar", "notify/_bell.html", views.bell_context)
    navigation.add("notify.index", _l("Notices"), "bell", section="user", order=10)
    moves.follow(models.Delivery.unit_path)
    channels.register("email", mail.send)
    channels.register("sms", text_message.send)
