"""Texts and codes: names, addresses, account and meter numbers."""

from __future__ import annotations

import re
from decimal import Decimal

from app.customers.importing.reading import Value
from app.customers.importing.values.bad import Bad
from app.customers.importing.values.folding import fold, plain

_BLANKS = re.compile(r"\s+")
_SCIENTIFIC = re.compile(r"[+-]?\d(\.\d+)?[eE]\+\d{1,3}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ufffd]")


def to_text(value: Value, *, code: bool = False, max_length: int = 0, pad: int = 0) -> str:
    """The text of a cell; with `code` full-width characters are folded and blanks inside are dropped.

    `pad` puts zeros before digits that a spreadsheet has dropped. Refused: numbers in scientific notation where a
    code is expected (their digits are lost), control and replacement characters, texts longer than `max_length`.
    """
    text = plain(value)
    if _CONTROL.search(text):
        raise Bad("control_characters", value=_CONTROL.sub("?", text)[:40])
    if code:
        if _SCIENTIFIC.fullmatch(text):
            raise Bad("scientific", value=text)
        if isinstance(value, Decimal) and value != value.to_integral_value():
            raise Bad("code_with_fraction", value=text)
        text = text if text.isascii() and text.isalnum() else _BLANKS.sub("", fold(text))
        text = text.zfill(pad) if pad and text.isdigit() else text
    elif "\n" in text or "\t" in text or "\r" in text:
        text = _BLANKS.sub(" ", text)
    if max_length and len(text) > max_length:
        raise Bad("too_long", limit=max_length, length=len(text))
    return text
