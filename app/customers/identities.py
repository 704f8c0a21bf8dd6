"""Identity numbers (证件号码): compared by a keyed hash, shown masked, never stored.

The key is the installation's secret: a copy of the database alone cannot be searched for numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass

from app.kernel import settings

PURPOSE = b"lightline.customers.identity:"
SHOWN_FIRST, SHOWN_LAST = 4, 4
LEAST = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a number; empty of none."""

    hash: str = ""
    last4_hash: str = ""
    masked: str = ""


def keep(number: str) -> Kept:
    """What may be stored of an identity number."""
    plain = normal(number)
    if not plain:
        return Kept()
    stars = "*" * max(0, len(plain) - SHOWN_FIRST - SHOWN_LAST)
    masked = plain[:SHOWN_FIRST] + stars + plain[-SHOWN_LAST:] if stars else "*" * len(plain)
    return Kept(fingerprint(plain), fingerprint(plain[-SHOWN_LAST:]), masked)


def normal(number: str) -> str:
    """The number without spaces and signs, letters large."""
    return "".join(char for char in unicodedata.normalize("NFKC", number).upper() if char.isalnum())


def fingerprint(text: str) -> str:
    """The keyed hash (HMAC-SHA-256) of a text."""
    return hmac.new(settings.current().secret_key.encode(), PURPOSE + text.encode(), hashlib.sha256).hexdigest()
