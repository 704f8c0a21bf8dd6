"""The blueprint the views hang on, and what its templates may call."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.inbox.priorities import level_of, levels

blueprint = Blueprint("inbox", __name__, template_folder="../templates")

WORK = ("task.work", "task.read", "task.assign")
"""Who may open the inbox at all; what they see and do there is decided task by task."""


@blueprint.context_processor
def _priorities() -> dict[str, Any]:
    return {"level_of": level_of, "levels": levels}
