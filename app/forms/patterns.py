"""`validate.pattern`: regular expressions as the browser reads them, bounded in time."""

from __future__ import annotations

from functools import lru_cache

import regex

MAX_PATTERN = 500
SECONDS = 0.1


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> regex.Pattern[str]:
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"longer than {MAX_PATTERN} characters")
    try:
        return regex.compile(pattern, regex.VERSION0 | regex.ASCII)
    except (regex.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error


def problem(pattern: str) -> str:
    """Why a pattern cannot be used, "" where it can."""
    try:
        _compiled(pattern)
    except ValueError as error:
        return str(error)
    return _explodes(pattern)


def _explodes(pattern: str) -> str:
    """Whether plain texts of a usual length already take too long."""
    for text in ("a" * 60 + "!", "1" * 60 + "!", "1-" * 30 + "!", " " * 60 + "!"):
        if matches(pattern, text) is None:
            return "takes exponential time on long texts"
    return ""


def matches(pattern: str, text: str) -> bool | None:
    """Whether the pattern is found in the text; None where that takes too long or the pattern is none."""
    try:
        return _compiled(pattern).search(text, timeout=SECONDS) is not None
    except (TimeoutError, ValueError):
        return None
