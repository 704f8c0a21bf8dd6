"""Taking keys: the rule by which pressed keys and silence become one event, as a pure function.

Until the first key the first-digit timeout runs; from then on the inter-digit timeout rules, alone. A timeout
with at least `min` digits is an input, with fewer a wrong one; never are fewer than `min` handed on. Keys that
come while something plays that must be heard to its end are thrown away.

Times are seconds on any clock that only goes forward.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import regex

from app.telephony.ivr.commands import Gather
from app.telephony.ivr.events import Digits, NoInput, WrongInput

KEYS = "0123456789*#"
MATCH_SECONDS = 0.05
"""Time for matching one input against a pattern."""

Taken = Digits | NoInput | WrongInput


@dataclass(frozen=True, slots=True)
class Collector:
    """Keys taken so far for one `Gather`. `deadline` is when `expired` must be called; None while it plays."""

    wanted: Gather
    value: str = ""
    deadline: float | None = None
    playing: bool = True

    def press(self, key: str, at: float) -> tuple[Collector, Taken | None]:
        """One key. Whether it stops what plays is for the caller to see: `playing` becomes false."""
        if key not in KEYS or len(key) != 1 or (self.playing and not self.wanted.barge_in):
            return self, None
        if key in self.wanted.terminators:
            return self, _ended(self.wanted, self.value, key)
        value = self.value + key
        if len(value) >= self.wanted.max:
            return self, _ended(self.wanted, value, "")
        return replace(self, value=value, playing=False, deadline=at + self.wanted.digit_timeout), None

    def played(self, at: float) -> Collector:
        """The pieces came to their end: the first-digit timeout begins, unless a key came before."""
        if not self.playing:
            return self
        wait = self.wanted.digit_timeout if self.value else self.wanted.first_timeout
        return replace(self, playing=False, deadline=at + wait)

    def expired(self) -> Taken:
        """The deadline passed."""
        return _ended(self.wanted, self.value, "") if self.value else NoInput(self.wanted.id)


def collect(wanted: Gather, at: float) -> tuple[Collector, Taken | None]:
    """Begin. Keys typed ahead count first, and what must be heard is then skipped where barge-in is allowed."""
    collector: Collector = Collector(wanted)
    for key in wanted.typed if wanted.barge_in else "":
        collector, taken = collector.press(key, at)
        if taken is not None:
            return collector, taken
    return collector, None


def fits(value: str, pattern: str) -> bool:
    """Whether the whole value matches; a pattern that takes too long or is none matches nothing."""
    try:
        return regex.fullmatch(pattern, value, timeout=MATCH_SECONDS) is not None
    except (TimeoutError, regex.error):
        return False


def _ended(wanted: Gather, value: str, terminator: str) -> Taken:
    if not value and terminator:
        return Digits("", terminator, wanted.id)
    if len(value) < wanted.min or (wanted.pattern and not fits(value, wanted.pattern)):
        return WrongInput(value, wanted.id)
    return Digits(value, terminator, wanted.id)
