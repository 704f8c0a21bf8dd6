"""A refusal kept for readers of either language."""

from __future__ import annotations

from typing import Any

from app.kernel.errors import LightlineError
from app.kernel.i18n import LOCALES, in_locale


def in_both_languages(refused: LightlineError) -> dict[str, Any]:
    """Code and message by locale, as JSON."""
    kept: dict[str, Any] = {"code": refused.code}
    for locale in LOCALES:
        with in_locale(locale):
            kept[locale] = str(refused)
    return kept
