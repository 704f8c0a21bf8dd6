"""When to call a customer back (回访): attempts, gaps, hours and deadline come from the table `callback_strategy`.

Pure: values in, values out. `windows` are local hours such as `08:00-12:00,14:00-21:00`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.kernel.clock import LOCAL


class BadStrategy(ValueError):
    """The strategy's hours cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """`gap` and `deadline` are minutes: between attempts, and from the review to the last attempt.

    `share` is how many of a hundred orders are called back.
    """

    share: int = 100
    attempts: int
    gap: int
    deadline: int
    windows: str


def sampled(number: str, share: int) -> bool:
    """Whether the order of this number is in the sample: the same answer each time it is asked."""
    return int.from_bytes(hashlib.sha256(number.encode()).digest()[:8], "big") % 100 < share


def next_attempt(
    strategy: Strategy, *, made: int, last_at: datetime | None, since: datetime, now: datetime
) -> datetime | None:
    """The instant of the next attempt; None where attempts or time are used up.

    The first attempt is always planned, even after the deadline: a customer is never left without a call.
    """
    if made >= strategy.attempts:
        return None
    earliest = now if last_at is None else max(now, last_at + timedelta(minutes=strategy.gap))
    planned = into_windows(earliest, strategy.windows)
    too_late = planned > since + timedelta(minutes=strategy.deadline)
    return None if made and too_late else planned


def into_windows(instant: datetime, windows: str) -> datetime:
    """The instant itself where it lies within the hours, else the beginning of the next ones."""
    hours = sorted(_window(part) for part in windows.split(",") if part.strip())
    if not hours:
        return instant
    local = instant.astimezone(LOCAL)
    for start, end in hours:
        if local.time() < end:
            return instant if local.time() >= start else datetime.combine(local.date(), start, LOCAL)
    return datetime.combine(local.date() + timedelta(days=1), hours[0][0], LOCAL)


def _window(text: str) -> tuple[time, time]:
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        raise BadStrategy(f"no hours: {text!r}") from None
    if start >= end:
        raise BadStrategy(f"hours end before they begin: {text!r}")
    return start, end
