"""Shifts as people write them: `08:00-20:00`, several with a comma or a space between. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time

from app.kernel.clock import LOCAL
from app.workorders.operations.shifts import Span

SPAN = re.compile(r"(\d{1,2})[:：]?(\d{2})?\s*[-–—~～至到]\s*(\d{1,2})[:：]?(\d{2})?")


class NotAShift(ValueError):
    """The text is no list of shifts."""


def read(text: str) -> list[Span]:
    """The shifts of a text, none where it is empty; `8-20`, `0800-2000` and full-width signs are understood too."""
    parts = [part for part in re.split(r"[,，;；、\s]+", text.strip().replace(" - ", "-")) if part]
    return [_span(part) for part in parts]


def _span(part: str) -> Span:
    found = SPAN.fullmatch(part)
    if found is None:
        raise NotAShift(part)
    begin_hour, begin_minute, end_hour, end_minute = (int(group or 0) for group in found.groups())
    try:
        return Span(time(begin_hour, begin_minute), time(end_hour % 24 if end_hour == 24 else end_hour, end_minute))
    except ValueError as wrong:
        raise NotAShift(part) from wrong


def shown(spans: Iterable[tuple[datetime, datetime]]) -> str:
    """Shifts in the words that `read` understands."""
    return ", ".join(f"{_clock(begins)}-{_end(ends)}" for begins, ends in spans)


def _end(instant: datetime) -> str:
    """Midnight ends a day as 24:00."""
    return "24:00" if _clock(instant) == "00:00" else _clock(instant)


def _clock(instant: datetime) -> str:
    return instant.astimezone(LOCAL).strftime("%H:%M")
