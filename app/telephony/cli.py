"""The group `flask ivr`: each part of the telephone adds its commands (`serving` the processes)."""

from __future__ import annotations

from flask.cli import AppGroup

ivr = AppGroup("ivr", help="The telephone: flows, prompts and the IVR server.")
