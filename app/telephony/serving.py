"""`flask ivr serve`: the process beside web and clock that takes the calls."""

from __future__ import annotations

import asyncio

import click
from flask import Flask, current_app

from app.telephony.line.process import Process


@click.command("serve")
def serve() -> None:
    """Take FreeSWITCH's calls until told to stop."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    asyncio.run(Process(app, say=click.echo).run())
