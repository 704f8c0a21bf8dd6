"""The telephone (95598 热线): flows, prompts, the line on FreeSWITCH, calls on record, calls that we make.

`esl` speaks FreeSWITCH's event socket and knows no business; `ivr` interprets flows and knows no I/O; `line`
carries out on one what the other wants. `standin` is a FreeSWITCH that makes no sound, for tests and for
trying flows.
"""

from __future__ import annotations

from flask import Flask

from app.identity import moves
from app.kernel import settings
from app.telephony import (
    bindings,
    calls,
    commands,
    config,
    fax,
    freeswitch,
    models,
    outbound,
    prompts,
    retention,
    serving,
    surveys,
    trail_titles,
    workbench,
)
from app.telephony.agents import models as agents
from app.telephony.agents import views as agents_views
from app.telephony.calls import gauges as call_gauges
from app.telephony.calls import trail_titles as call_titles
from app.telephony.calls import views as calls_views
from app.telephony.calls.models import Call
from app.telephony.cli import ivr
from app.telephony.fax.models import FaxJob
from app.telephony.outbound import channel, fax_channel
from app.telephony.outbound import models as outbound_models

__all__ = [
    "agents",
    "bindings",
    "call_gauges",
    "calls",
    "fax",
    "init_app",
    "models",
    "outbound",
    "outbound_models",
    "prompts",
    "surveys",
]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    app.cli.add_command(ivr)
    commands.register()
    ivr.add_command(serving.serve)
    ivr.add_command(serving.phone)
    ivr.add_command(freeswitch.freeswitch_config)
    with app.app_context():
        config.init_app(app, settings.current().instance)
    trail_titles.register()
    workbench.init_app(app)
    prompts.init_app(app)
    fax.init_app(app)
    surveys.views.init_app(app)
    calls.retention.register()
    retention.register()
    moves.follow(Call.unit_path)
    moves.follow(FaxJob.unit_path)
    channel.register()
    fax_channel.register()
    calls_views.init_app(app)
    agents_views.init_app(app)
    call_titles.register()
