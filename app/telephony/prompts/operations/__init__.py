"""Writes of the prompts: a speaker's recording, the way back to the rendering, rendering them all."""

from app.telephony.prompts.operations.recording import upload, withdraw
from app.telephony.prompts.operations.rendering import start_rendering

__all__ = ["start_rendering", "upload", "withdraw"]
