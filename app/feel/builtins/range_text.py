"""`range("[18..21)")` (DMN 1.5): an interval from a text; its ends are constants of one kind."""

from __future__ import annotations

import re

from app.feel.builtins.signature import builtin
from app.feel.values import numbers, temporal
from app.feel.values.compare import order
from app.feel.values.kinds import Range, Value

_RANGE = re.compile(r"([\[\](])(.*)\.\.(.*)([\[\])])", re.DOTALL)
_TEXT = re.compile(r'"([^"\\]*)"')
_TEMPORAL = re.compile(r'(?:@|(?:date and time|date|time|duration)\()"([^"\\]*)"\)?')


@builtin("range", "from: string")
def parse_range(text: str) -> Range | None:
    """Null for a text that is no interval, or whose ends cannot be ordered."""
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        return None
    start, end = _constant(match[2].strip()), _constant(match[3].strip())
    if order(start, end) is None:
        return None
    return Range(start, end, match[1] == "[", match[4] == "]")


def _constant(text: str) -> Value:
    if quoted := _TEXT.fullmatch(text):
        return quoted[1]
    if written := _TEMPORAL.fullmatch(text):
        return temporal.parse_any(written[1])
    return numbers.parse(text)
