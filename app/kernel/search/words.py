"""Text as index words: Chinese as pairs of characters, the rest as lowercase words.

停电报修 becomes `停电 电报 报修 修`: any part of two or more characters is found as a
phrase of pairs; the last character stands alone at the end, so that a single character
is found by prefix wherever it stands. Long runs of digits also give their tails, so that
a telephone or order number is found by any four digits of it.
"""

from __future__ import annotations

import re
import unicodedata

MAX_TEXT = 20_000
"""Longer texts are cut: an index entry is a heading and a body, not a book."""

TAIL = 4
LONGEST_NUMBER = 32

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f々〇"
_RUNS = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_DIGITS = re.compile(r"[0-9]+")


def normalize(text: str) -> str:
    """Full-width and half-width, upper and lower case, accents: all the same."""
    decomposed = unicodedata.normalize("NFKD", text[:MAX_TEXT]).casefold()
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFKC", plain)


def runs(text: str) -> list[str]:
    """The words of a text: runs of Chinese characters, and runs of other letters and digits."""
    return _RUNS.findall(normalize(text))


def is_han(run: str) -> bool:
    """Whether a run consists of Chinese characters (a run is all or not at all)."""
    return bool(re.match(f"[{_HAN}]", run))


def pairs(run: str) -> list[str]:
    """Neighbouring characters, two by two; a single character alone."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def bigrams(text: str) -> str:
    """The index words of a text, separated by spaces."""
    words: list[str] = []
    for run in runs(text):
        words += [*pairs(run), run[-1]] if is_han(run) and len(run) > 1 else [run]
        words += _tails(run)
    return " ".join(words)


def _tails(run: str) -> list[str]:
    """Each run of digits from every position that leaves at least four, but the whole word itself."""
    tails: list[str] = []
    for number in _DIGITS.findall(run):
        if len(number) <= LONGEST_NUMBER:
            tails += [number[i:] for i in range(len(number) - TAIL + 1)]
    return [tail for tail in tails if tail != run]
