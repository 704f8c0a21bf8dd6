"""Regular expressions as XPath knows them, bounded in time: a hostile pattern is a FeelError, not a hang.

The `regex` package has the timeout that Python's `re` lacks; both understand the syntax
that XPath and Python share, which is all but a few escapes.
"""

from __future__ import annotations

from functools import lru_cache

import regex
from flask_babel import lazy_gettext as _l

from app.feel.errors import FeelError
from app.feel.limits import REGEX_SECONDS, charge

_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": regex.VERBOSE}
MAX_PATTERN = 500


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> regex.Pattern[str] | None:
    if len(pattern) > MAX_PATTERN or not set(flags) <= set(_FLAGS):
        return None
    bits = regex.VERSION0
    for flag in flags:
        bits |= _FLAGS[flag]
    try:
        return regex.compile(pattern, bits)
    except (regex.error, OverflowError, RecursionError):
        return None


def _too_slow() -> FeelError:
    return FeelError(_l("a regular expression takes too long"))


def search(text: str, pattern: str, flags: str) -> bool | None:
    compiled = _compiled(pattern, flags)
    if compiled is None:
        return None
    try:
        return compiled.search(text, timeout=REGEX_SECONDS) is not None
    except TimeoutError:
        raise _too_slow() from None


def substitute(text: str, pattern: str, replacement: str, flags: str) -> str | None:
    """None for a pattern that is none, or a replacement that names a group the pattern lacks."""
    compiled = _compiled(pattern, flags)
    if compiled is None:
        return None
    template = regex.sub(r"\$(\d)", r"\\g<\1>", replacement.replace("\\", "\\\\").replace("\\\\$", "\0"))
    try:
        result = compiled.sub(template.replace("\0", "$"), text, timeout=REGEX_SECONDS)
    except TimeoutError:
        raise _too_slow() from None
    except (regex.error, IndexError):
        return None
    charge(len(result))
    return result


def split(text: str, delimiter: str) -> list[str] | None:
    compiled = _compiled(delimiter, "")
    if compiled is None or delimiter == "":
        return None
    try:
        return [part or "" for part in compiled.split(text, timeout=REGEX_SECONDS)]
    except TimeoutError:
        raise _too_slow() from None
