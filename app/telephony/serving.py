"""`flask ivr serve`: the process beside web and clock that takes the calls; `flask ivr phone` calls it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import click
from flask import Flask, current_app

from app.telephony import config, prompts
from app.telephony.config import place
from app.telephony.line.process import Process
from app.telephony.prompts.texts import SAY
from app.telephony.speech import recordings
from app.telephony.standin import terminal


@click.command("serve")
def serve() -> None:
    """Take FreeSWITCH's calls until told to stop."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    asyncio.run(Process(app, say=click.echo).run())


@click.command("phone")
@click.option("--at", default="", help="Where `ivr serve` listens; by default as the settings say.")
@click.option("--number", default="13800138000", show_default=True, help="Who calls.")
@click.option("--to", default="95598", show_default=True, help="What is dialled.")
def phone(at: str, number: str, to: str) -> None:
    """Call the running ivr process from this terminal: a FreeSWITCH without sound stands in between."""
    host, port = place(at) if at else config.current().listen
    click.echo("0-9 * # are pressed, other words are spoken, an empty line waits until keys are wanted, q hangs up")
    try:
        ended = asyncio.run(terminal.call(host, port, number=number, to=to, echo=click.echo, words=spoken()))
    except OSError as nobody:
        raise click.ClickException(str(nobody)) from nobody
    if ended.fallback:
        raise click.ClickException(f"nobody takes calls at {host}:{port} (flask ivr serve)")
    click.echo(f"the call has ended: {ended.cause}")


def spoken() -> dict[str, str]:
    """What the recordings say, by their path: those that have been rendered."""
    known = {}
    for language in ("zh", "en"):
        for key in (*prompts.prompts(language), *(SAY + name for name in recordings(language))):
            with suppress(prompts.UnknownPrompt, prompts.CannotSpeak, OSError):
                known[str(prompts.file_of(key, language))] = prompts.text_of(key, language)
    return known
