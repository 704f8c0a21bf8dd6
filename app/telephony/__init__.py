"""The telephone: the IVR server for FreeSWITCH.

So far only the process that `make run` starts in its place: it answers no calls and says so.
"""

from __future__ import annotations

from flask import Flask

from app.telephony import commands, fax, prompts, surveys
from app.telephony.cli import ivr

__all__ = ["fax", "init_app", "prompts", "surveys"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    app.cli.add_command(ivr)
    commands.register()
    prompts.init_app(app)
