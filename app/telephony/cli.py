"""`flask ivr serve`: the process beside web and clock. It answers no calls until flows and FreeSWITCH are connected."""

from __future__ import annotations

import signal
import threading

import click
from flask.cli import AppGroup

ivr = AppGroup("ivr", help="The IVR server.")


@ivr.command("serve")
def serve() -> None:
    """Hold the place of the IVR server: wait until told to stop."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    click.echo("ivr: telephony is not connected in this version; no calls are answered")
    stop.wait()
    click.echo("ivr: stopped")
