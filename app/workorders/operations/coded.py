"""Check that a word chosen by a person is one of its code list."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid
from app.workorders.queries.codes import code


def require_code(kind: str, word: str, *, field: str, needed: Any) -> None:
    """Raise `Invalid` for the field where the word is empty (`needed` says so) or not of the list."""
    if not word:
        raise Invalid(needed, errors={field: [needed]})
    if code(kind, word) is None:
        message = _l("Unknown value “%(value)s”.", value=word)
        raise Invalid(message, errors={field: [message]})
