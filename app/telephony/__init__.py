"""The telephone: the IVR server for FreeSWITCH.

So far only the process that `make run` starts in its place: it answers no calls and says so.
"""

from __future__ import annotations

from flask import Flask

from app.telephony.cli import ivr


def init_app(app: Flask) -> None:
    """Add the `ivr` commands."""
    app.cli.add_command(ivr)
