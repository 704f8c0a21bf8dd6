"""Phones in an import: each is looked at when it is read, judged and written, and normalised once."""

from __future__ import annotations

from functools import lru_cache

from app.customers import phones

REMEMBERED = 8192
"""More than a batch has rows."""


@lru_cache(maxsize=REMEMBERED)
def normal_phone(text: str) -> str:
    """`phones.normalise`, empty for what is no single number."""
    return phones.normalise(text) or ""
