"""Lightline (光明热线): the customer service centre of a power utility.

`create_app` reads as a table of contents: each package adds its own part through its
`init_app`, lower layers first.
"""

from __future__ import annotations

from flask import Flask

from app import (
    api,
    billing,
    control,
    customers,
    demo,
    desk,
    engine,
    forms,
    identity,
    inbox,
    kernel,
    keyaccounts,
    knowledge,
    network,
    notify,
    outages,
    start,
    supervision,
    telephony,
    web,
    workorders,
)
from app.kernel.clock import Clock
from app.kernel.settings import Settings
from app.web.application import Lightline


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """Build the application from its settings (from the environment by default)."""
    app = Lightline(__name__, static_folder=None, template_folder=None)
    app.extensions["lightline.create_app"] = create_app  # for a second application beside this one (scenarios)
    settings = settings or Settings.from_environment()
    kernel.init_app(app, settings, clock=clock)
    web.init_app(app)
    identity.init_app(app)
    forms.init_app(app)
    engine.init_app(app)
    notify.init_app(app)
    customers.init_app(app)
    billing.init_app(app)
    network.init_app(app)
    inbox.init_app(app)
    workorders.init_app(app)
    knowledge.init_app(app)
    keyaccounts.init_app(app)
    telephony.init_app(app)
    outages.init_app(app)
    supervision.init_app(app)
    control.init_app(app)
    desk.init_app(app)
    api.init_app(app)
    demo.init_app(app)
    start.init_app(app)
    return app
