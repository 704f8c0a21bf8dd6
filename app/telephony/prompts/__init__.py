"""Prompts (语音提示): what flows say, as texts in two languages and as files that FreeSWITCH plays.

Texts stand in `ivr_flows/prompts/<language>.yaml`. They are rendered to 8 kHz 16-bit mono WAV when flows
are published (`start_rendering`), kept under the hash of voice and text, and a speaker's uploaded
recording goes before the rendering. What was not rendered yet is rendered when it is first said.

`files(pieces, language)` may render, and so wait: call it in a thread, within an application context.
"""

from __future__ import annotations

from flask import Flask

from app.telephony.cli import ivr
from app.telephony.prompts import cli, models, views
from app.telephony.prompts.library import file_of
from app.telephony.prompts.library import files_of as files
from app.telephony.prompts.operations import start_rendering, upload, withdraw
from app.telephony.prompts.texts import UnknownPrompt, lint, prompts, text_of
from app.telephony.prompts.voices import CannotSpeak

__all__ = [
    "CannotSpeak",
    "UnknownPrompt",
    "file_of",
    "files",
    "init_app",
    "lint",
    "models",
    "prompts",
    "start_rendering",
    "text_of",
    "upload",
    "withdraw",
]


def init_app(app: Flask) -> None:
    """Add the page and the commands."""
    views.init_app(app)
    ivr.add_command(cli.group)
