"""`validate.pattern`: regular expressions as the browser reads them, bounded in time."""

from __future__ import annotations

import re
from functools import lru_cache

import regex

GROUP = re.compile(r"\((?:\?[:=!]|\?<[=!]|\?P?<\w+>)?(?P<inside>[^()]*)\)(?P<after>[*+?]|\{\d*,?\d*\})?")
UNBOUNDED = re.compile(r"[*+]|\{\d*,\}")
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
    return "repeats a repetition, which can take for ever in a browser" if _repeats_repetition(pattern) else ""


def _repeats_repetition(pattern: str) -> bool:
    """Whether something without upper bound stands inside something without upper bound, as in `(a+)+`."""
    text, classes = re.sub(r"\\.", "x", pattern), re.compile(r"\[\^?\]?[^\]]*\]")
    text = classes.sub("x", text)
    while groups := list(GROUP.finditer(text)):
        for group in groups:
            if UNBOUNDED.search(group["inside"]) and UNBOUNDED.match(group["after"] or ""):
                return True
        text = GROUP.sub(
            lambda group: ("x+" if UNBOUNDED.search(group["inside"]) else "x") + (group["after"] or ""), text
        )
    return False


def matches(pattern: str, text: str) -> bool | None:
    """Whether the pattern is found in the text; None where that takes too long or the pattern is none."""
    try:
        return _compiled(pattern).search(text, timeout=SECONDS) is not None
    except (TimeoutError, ValueError):
        return None
