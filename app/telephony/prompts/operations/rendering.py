"""Rendering all that is said: a chain of jobs, a few texts each, so that nothing waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from app.kernel import jobs, live
from app.kernel.registry import registry
from app.telephony.prompts import rendering
from app.telephony.prompts.library import TOPIC
from app.telephony.prompts.texts import SAY, texts
from app.telephony.prompts.voices import CannotSpeak
from app.telephony.speech import LANGUAGES

log = structlog.get_logger(__name__)

KIND = "telephony.render_prompts"
AT_ONCE = 20
"""Texts of one job: some seconds with espeak-ng, a minute with Kokoro on a small machine."""


def missing() -> list[tuple[str, str]]:
    """Language and key of what is not rendered yet."""
    return [
        (language, key)
        for language in LANGUAGES
        for key, text in texts(language).items()
        if not rendering.is_rendered(text, language, trim=key.startswith(SAY))
    ]


def start_rendering(*, now: datetime) -> int:
    """Have everything rendered that is not yet; returns how many are missing. Harmless while it is under way."""
    count = len(missing())
    if count:
        jobs.enqueue(KIND, {"left": count}, now=now)
    return count


def render_some(most: int | None = None) -> tuple[int, list[str]]:
    """Render what is missing, at most so many; how many were made, and what could not be."""
    made, failed = 0, []
    for language, key in missing()[:most]:
        try:
            rendering.render(texts(language)[key], language, trim=key.startswith(SAY))
            made += 1
        except CannotSpeak as wrong:
            failed.append(f"{language}.yaml:{key}: {wrong}")
    return made, failed


def _render(payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:  # noqa: ARG001 - an effect's form
    made, failed = render_some(AT_ONCE)
    if failed and not made:
        raise CannotSpeak(failed[0])
    return {"made": made, "left": len(missing())}


@registry.job(KIND, effect=_render)
def _go_on(payload: Mapping[str, Any], now: datetime) -> None:
    """The next few, until nothing is left."""
    live.touch(TOPIC)
    effect = payload["effect"]
    if effect["left"] and effect["made"]:
        jobs.enqueue(KIND, {"left": effect["left"]}, now=now)
