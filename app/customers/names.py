"""Names as they are compared and searched by their beginning."""

from __future__ import annotations

import unicodedata

LONGEST = 200


def key(text: str) -> str:
    """A name without case, spaces, signs and full-width forms: `王 芳`, `王·芳` and `王芳` have one key."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    return "".join(char for char in plain if char.isalnum())[:LONGEST]
