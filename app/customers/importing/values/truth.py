"""Yes and no."""

from __future__ import annotations

from app.customers.importing.reading import Value
from app.customers.importing.values.bad import Bad
from app.customers.importing.values.folding import WORDS, fold, plain

_YES, _NO = frozenset(WORDS["affirmed"]), frozenset(WORDS["denied"])


def to_truth(value: Value) -> bool:
    """是, Y, 1, √ … or 否, N, 0, × …; anything else is refused."""
    if isinstance(value, bool):
        return value
    word = fold(plain(value)).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Bad("no_truth", value=plain(value))
